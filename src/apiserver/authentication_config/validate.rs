//! What the server has against an AuthenticationConfiguration, all at once and in its order
//! (`ValidateAuthenticationConfiguration` of `k8s.io/apiserver/pkg/apis/apiserver/validation`).

use super::mapper::{Expression, Mapper, Rule};
use super::{
    AuthenticationConfiguration, ClaimMappings, ClaimValidationRule, Issuer, JwtAuthenticator,
    PrefixedClaimOrExpression, UserValidationRule,
};
use crate::apiserver::go_url;
use crate::cel::{self, Environment, Expected};
use crate::model::{BadValue, FieldError, names};
use crate::pki;
use std::collections::HashSet;

/// The most issuers that a configuration may have.
const MOST_ISSUERS: usize = 64;

const BOTH: &str = "claim and expression can't both be set";
const NEITHER: &str = "claim or expression is required";

/// The expressions of every issuer, and what the server has against the configuration.
pub(super) fn validate(
    config: &AuthenticationConfiguration,
    egress_selectors: bool,
) -> (Vec<Mapper>, Vec<FieldError>) {
    let mut check = Check {
        egress_selectors,
        errors: Vec::new(),
    };
    if config.jwt.len() > MOST_ISSUERS {
        let errors = vec![FieldError::too_many("jwt", config.jwt.len(), MOST_ISSUERS)];
        return (Vec::new(), errors);
    }
    let mut mappers = Vec::new();
    let (mut urls, mut discovery_urls) = (HashSet::new(), HashSet::new());
    for (i, jwt) in config.jwt.iter().enumerate() {
        let path = format!("jwt[{i}]");
        mappers.push(check.authenticator(jwt, &path));
        let issuer = &jwt.issuer;
        check.unique(&mut urls, &issuer.url, &format!("{path}.issuer.url"));
        if !issuer.discovery_url.is_empty() {
            let path = format!("{path}.issuer.discoveryURL");
            check.unique(&mut discovery_urls, &issuer.discovery_url, &path);
        }
    }
    if let Some(anonymous) = &config.anonymous
        && !anonymous.enabled
        && !anonymous.paths.is_empty()
    {
        let shown: Vec<_> = anonymous
            .paths
            .iter()
            .map(|path| serde_json::json!({ "Path": path }))
            .collect();
        check.errors.push(FieldError::invalid(
            "anonymous.conditions",
            BadValue::json(&shown),
            "enabled should be set to true when conditions are defined",
        ));
    }
    (mappers, check.errors)
}

struct Check {
    egress_selectors: bool,
    errors: Vec<FieldError>,
}

impl Check {
    fn invalid(&mut self, path: &str, value: &str, detail: &str) {
        self.errors.push(FieldError::invalid(path, value, detail));
    }

    fn required(&mut self, path: &str, detail: &str) {
        self.errors.push(FieldError::required(path, detail));
    }

    /// Whether a value was not seen before; complains if it was.
    fn unique<'t>(&mut self, seen: &mut HashSet<&'t str>, value: &'t str, path: &str) -> bool {
        let new = seen.insert(value);
        if !new {
            self.errors.push(FieldError::duplicate(path, value));
        }
        new
    }

    fn authenticator(&mut self, jwt: &JwtAuthenticator, path: &str) -> Mapper {
        let mut mapper = Mapper::default();
        self.issuer(&jwt.issuer, &format!("{path}.issuer"));
        let rules = format!("{path}.claimValidationRules");
        self.claim_rules(&jwt.claim_validation_rules, &rules, &mut mapper);
        let mappings = format!("{path}.claimMappings");
        self.mappings(&jwt.claim_mappings, &mappings, &mut mapper);
        let rules = format!("{path}.userValidationRules");
        self.user_rules(&jwt.user_validation_rules, &rules, &mut mapper);
        mapper
    }

    fn issuer(&mut self, issuer: &Issuer, path: &str) {
        let (url, discovery) = (&issuer.url[..], &issuer.discovery_url[..]);
        let url_path = format!("{path}.url");
        match url {
            "" => self.required(&url_path, ""),
            url => self.url(url, &url_path),
        }
        if !discovery.is_empty() {
            let path = format!("{path}.discoveryURL");
            if !url.is_empty() && url.trim_end_matches('/') == discovery.trim_end_matches('/') {
                self.invalid(&path, discovery, "discoveryURL must be different from URL");
            }
            self.url(discovery, &path);
        }
        self.audiences(issuer, path);
        let authority = &issuer.certificate_authority;
        if !authority.is_empty()
            && let Err(error) = pki::certificates_from_pem(authority.as_bytes())
        {
            let path = format!("{path}.certificateAuthority");
            self.invalid(&path, "<omitted>", &error);
        }
        let egress = &issuer.egress_selector_type[..];
        let path = format!("{path}.egressSelectorType");
        if !egress.is_empty() && !self.egress_selectors {
            self.invalid(&path, egress, "egress selector is not supported when StructuredAuthenticationConfigurationEgressSelector feature gate is disabled");
        }
        if !["", "controlplane", "cluster"].contains(&egress) {
            self.invalid(
                &path,
                egress,
                "egress selector must be either controlplane or cluster",
            );
        }
    }

    fn url(&mut self, text: &str, path: &str) {
        let url = match go_url::parse(text) {
            Ok(url) => url,
            Err(error) => return self.invalid(path, text, &error),
        };
        let checks = [
            (url.scheme != "https", "URL scheme must be https"),
            (url.has_user, "URL must not contain a username or password"),
            (!url.query.is_empty(), "URL must not contain a query"),
            (!url.fragment.is_empty(), "URL must not contain a fragment"),
        ];
        for (wrong, detail) in checks {
            if wrong {
                self.invalid(path, text, detail);
            }
        }
    }

    fn audiences(&mut self, issuer: &Issuer, path: &str) {
        let list = format!("{path}.audiences");
        if issuer.audiences.is_empty() {
            return self.required(&list, &format!("at least one {list} is required"));
        }
        let mut seen = HashSet::new();
        for (i, audience) in issuer.audiences.iter().enumerate() {
            let path = format!("{list}[{i}]");
            if audience.is_empty() {
                self.required(&path, "");
            }
            self.unique(&mut seen, audience, &path);
        }
        let policy = &issuer.audience_match_policy[..];
        let detail = match (issuer.audiences.len(), policy) {
            (_, "MatchAny") | (1, "") => return,
            (1, _) => "audienceMatchPolicy must be empty or MatchAny for single audience",
            _ => "audienceMatchPolicy must be MatchAny for multiple audiences",
        };
        self.invalid(&format!("{path}.audienceMatchPolicy"), policy, detail);
    }

    /// Compiles an expression; complains if the server would.
    fn compile(
        &mut self,
        text: &str,
        environment: Environment,
        expected: Expected,
        path: &str,
    ) -> Option<Expression> {
        match cel::compile(text, &environment, expected) {
            Ok(program) => Some(Expression {
                text: text.to_owned(),
                program,
            }),
            Err(error) => {
                self.invalid(path, text, &error.to_string());
                None
            }
        }
    }

    fn claim_rules(&mut self, rules: &[ClaimValidationRule], path: &str, mapper: &mut Mapper) {
        let (mut claims, mut expressions) = (HashSet::new(), HashSet::new());
        for (i, rule) in rules.iter().enumerate() {
            let path = format!("{path}[{i}]");
            match (&rule.claim[..], &rule.expression[..]) {
                ("", "") => self.required(&path, NEITHER),
                (claim, "") => {
                    if !rule.message.is_empty() {
                        let detail = "may not be specified when claim is set";
                        self.invalid(&format!("{path}.message"), &rule.message, detail);
                    }
                    self.unique(&mut claims, claim, &format!("{path}.claim"));
                }
                ("", expression) => {
                    if !rule.required_value.is_empty() {
                        let path = format!("{path}.requiredValue");
                        let detail = "may not be specified when expression is set";
                        self.invalid(&path, &rule.required_value, detail);
                    }
                    let path = format!("{path}.expression");
                    if !self.unique(&mut expressions, expression, &path) {
                        continue;
                    }
                    let claims = Environment::claims();
                    let compiled = self.compile(expression, claims, Expected::Bool, &path);
                    mapper.claim_rules.extend(compiled.map(|expression| Rule {
                        expression,
                        message: rule.message.clone(),
                    }));
                }
                (claim, _) => self.invalid(&path, claim, BOTH),
            }
        }
    }

    fn user_rules(&mut self, rules: &[UserValidationRule], path: &str, mapper: &mut Mapper) {
        let mut seen = HashSet::new();
        for (i, rule) in rules.iter().enumerate() {
            let path = format!("{path}[{i}].expression");
            if rule.expression.is_empty() {
                self.required(&path, "");
                continue;
            }
            if !self.unique(&mut seen, &rule.expression, &path) {
                continue;
            }
            let user = Environment::user();
            let compiled = self.compile(&rule.expression, user, Expected::Bool, &path);
            mapper.user_rules.extend(compiled.map(|expression| Rule {
                expression,
                message: rule.message.clone(),
            }));
        }
    }

    fn mappings(&mut self, mappings: &ClaimMappings, path: &str, mapper: &mut Mapper) {
        let username = format!("{path}.username");
        let before = self.errors.len();
        let compiled = self.prefixed(&mappings.username, &username, true);
        if self.errors.len() == before {
            mapper.username = compiled;
        }
        let before = self.errors.len();
        let compiled = self.prefixed(&mappings.groups, &format!("{path}.groups"), false);
        if self.errors.len() == before {
            mapper.groups = compiled;
        }
        let uid = &mappings.uid;
        match (&uid.claim[..], &uid.expression[..]) {
            (_, "") => {}
            ("", expression) => {
                let path = format!("{path}.uid.expression");
                mapper.uid = self.compile(expression, Environment::claims(), Expected::Any, &path);
            }
            _ => self.invalid(&format!("{path}.uid"), "", BOTH),
        }
        self.extra(mappings, path, mapper);

        let uses =
            |expression: &Expression, claim: &str| expression.program.mentions(&["claims", claim]);
        let looked_at = mapper.username.iter();
        let looked_at = looked_at.chain(mapper.extra.iter().map(|(_, expression)| expression));
        let mut looked_at = looked_at.chain(mapper.claim_rules.iter().map(|rule| &rule.expression));
        if let Some(expression) = &mapper.username
            && uses(expression, "email")
            && !looked_at.any(|expression| uses(expression, "email_verified"))
        {
            let detail = "claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression";
            let path = format!("{username}.expression");
            self.errors
                .push(FieldError::invalid(path, &expression.text[..], detail));
        }
    }

    fn prefixed(
        &mut self,
        mapping: &PrefixedClaimOrExpression,
        path: &str,
        is_required: bool,
    ) -> Option<Expression> {
        match (&mapping.claim[..], &mapping.expression[..]) {
            ("", "") if is_required => self.required(path, NEITHER),
            ("", "") => {}
            ("", expression) => {
                if let Some(prefix) = &mapping.prefix {
                    let path = format!("{path}.prefix");
                    self.invalid(&path, prefix, "may not be specified when expression is set");
                }
                let path = format!("{path}.expression");
                return self.compile(expression, Environment::claims(), Expected::Any, &path);
            }
            (_, "") => {
                if mapping.prefix.is_none() {
                    let detail = "prefix is required when claim is set. It can be set to an empty string to disable prefixing";
                    self.required(&format!("{path}.prefix"), detail);
                }
            }
            _ => self.invalid(path, "", BOTH),
        }
        None
    }

    fn extra(&mut self, mappings: &ClaimMappings, path: &str, mapper: &mut Mapper) {
        let mut seen = HashSet::new();
        for (i, extra) in mappings.extra.iter().enumerate() {
            let path = format!("{path}.extra[{i}]");
            let key_path = format!("{path}.key");
            let key = &extra.key[..];
            self.domain_prefixed_path(key, &key_path);
            if key != key.to_lowercase() {
                self.invalid(&key_path, key, "must be lowercase");
            }
            if is_reserved(key) {
                let detail =
                    "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use";
                self.invalid(&key_path, key, detail);
            }
            if !self.unique(&mut seen, key, &key_path) {
                continue;
            }
            let path = format!("{path}.valueExpression");
            if extra.value_expression.is_empty() {
                self.required(&path, "");
                continue;
            }
            let claims = Environment::claims();
            let compiled = self.compile(&extra.value_expression, claims, Expected::Any, &path);
            let compiled = compiled.map(|expression| (key.to_owned(), expression));
            mapper.extra.extend(compiled);
        }
    }

    /// `IsDomainPrefixedPath` of apimachinery.
    fn domain_prefixed_path(&mut self, key: &str, path: &str) {
        if key.is_empty() {
            return self.required(path, "");
        }
        let parts = key.split_once('/');
        let Some((host, rest)) = parts.filter(|(host, rest)| !host.is_empty() && !rest.is_empty())
        else {
            let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            return self.invalid(path, key, detail);
        };
        for error in names::dns_subdomain_errors(host) {
            self.invalid(path, host, &error);
        }
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&b);
        if !rest.bytes().all(fits) {
            let detail =
                "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
            self.invalid(path, rest, detail);
        }
    }
}

/// Whether the domain of a key is Kubernetes' own.
fn is_reserved(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    ["kubernetes.io", "k8s.io"].iter().any(|own| {
        let before = domain.strip_suffix(own);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}
