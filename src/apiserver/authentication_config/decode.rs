//! Strict decoding in the server's order and words.

use super::schema::CONFIGURATION;
use super::{
    Anonymous, AuthenticationConfiguration, ClaimMappings, ClaimOrExpression, ClaimValidationRule,
    ExtraMapping, Issuer, JwtAuthenticator, PrefixedClaimOrExpression, UserValidationRule,
};
use crate::apiserver::scheme::{self, Refusal};
use crate::load::tree::Value;
use crate::load::typed::{Document, items, optional, present, text};

const SCHEME: &str = "pkg/kubeapiserver/options/authentication.go:879";

/// Decodes the content of the file.
///
/// # Errors
/// The server's words, without the file's name.
pub fn decode(data: &[u8]) -> Result<AuthenticationConfiguration, String> {
    match document(data) {
        Ok((config, _)) => Ok(config),
        Err(refusal) => Err(refusal.message),
    }
}

/// [`decode`], with the document for the places of what is found later.
pub(super) fn document(data: &[u8]) -> Result<(AuthenticationConfiguration, Document), Refusal> {
    if data.is_empty() {
        return Err("empty config data".to_owned().into());
    }
    let document = scheme::decode(data, &CONFIGURATION, SCHEME)?;
    let config = document.root().map(configuration).unwrap_or_default();
    Ok((config, document))
}

/// From here on every value has the right type.
fn configuration(root: Value<'_>) -> AuthenticationConfiguration {
    AuthenticationConfiguration {
        jwt: items(root, "jwt", jwt),
        anonymous: present(root, "anonymous").map(|anonymous| Anonymous {
            enabled: anonymous
                .get("enabled")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            paths: items(anonymous, "conditions", |condition| text(condition, "path")),
        }),
    }
}

fn jwt(value: Value<'_>) -> JwtAuthenticator {
    JwtAuthenticator {
        issuer: present(value, "issuer").map(issuer).unwrap_or_default(),
        claim_validation_rules: items(value, "claimValidationRules", |rule| ClaimValidationRule {
            claim: text(rule, "claim"),
            required_value: text(rule, "requiredValue"),
            expression: text(rule, "expression"),
            message: text(rule, "message"),
        }),
        claim_mappings: present(value, "claimMappings")
            .map(mappings)
            .unwrap_or_default(),
        user_validation_rules: items(value, "userValidationRules", |rule| UserValidationRule {
            expression: text(rule, "expression"),
            message: text(rule, "message"),
        }),
    }
}

fn issuer(value: Value<'_>) -> Issuer {
    Issuer {
        url: text(value, "url"),
        discovery_url: text(value, "discoveryURL"),
        certificate_authority: text(value, "certificateAuthority"),
        audiences: items(value, "audiences", |audience| {
            audience.as_str().unwrap_or("").to_owned()
        }),
        audience_match_policy: text(value, "audienceMatchPolicy"),
        egress_selector_type: text(value, "egressSelectorType"),
    }
}

fn mappings(value: Value<'_>) -> ClaimMappings {
    let prefixed = |value: Value<'_>| PrefixedClaimOrExpression {
        claim: text(value, "claim"),
        prefix: optional(value, "prefix"),
        expression: text(value, "expression"),
    };
    let username = present(value, "username");
    let groups = present(value, "groups");
    ClaimMappings {
        username: username.map(prefixed).unwrap_or_default(),
        groups: groups.map(prefixed).unwrap_or_default(),
        uid: present(value, "uid")
            .map(|uid| ClaimOrExpression {
                claim: text(uid, "claim"),
                expression: text(uid, "expression"),
            })
            .unwrap_or_default(),
        extra: items(value, "extra", |extra| ExtraMapping {
            key: text(extra, "key"),
            value_expression: text(extra, "valueExpression"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";

    #[test]
    fn refuses_as_the_server_does() {
        let cases = [
            (
                "jwt:\n- issuer:\n    audience: api\n    url: https://x\nzz: 1\n",
                "strict decoding error: unknown field \"jwt[0].issuer.audience\", unknown field \"zz\"",
            ),
            (
                "jwt:\n  issuer: {}\n",
                "json: cannot unmarshal object into Go struct field AuthenticationConfiguration.jwt of type []v1.JWTAuthenticator",
            ),
            (
                "jwt: [{issuer: {audiences: api}}]\n",
                "json: cannot unmarshal string into Go struct field Issuer.jwt.issuer.audiences of type []string",
            ),
            (
                "jwt: [{claimMappings: {username: {prefix: 5}}}]\n",
                "json: cannot unmarshal number into Go struct field PrefixedClaimOrExpression.jwt.claimMappings.username.prefix of type string",
            ),
            (
                "anonymous: 5\n",
                "json: cannot unmarshal number into Go struct field AuthenticationConfiguration.anonymous of type v1.AnonymousAuthConfig",
            ),
        ];
        for (text, error) in cases {
            let text = format!("{HEAD}{text}");
            assert_eq!(decode(text.as_bytes()), Err(error.to_owned()));
        }
        let whole = [
            ("", "empty config data"),
            ("# nothing\n", "Object 'Kind' is missing in '# nothing\n'"),
            (
                "{\"kind\": \"AuthenticationConfiguration\", \"jwt\": [], \"jwt\": [], \"apiVersion\": \"apiserver.config.k8s.io/v1\"}",
                "strict decoding error: duplicate field \"jwt\"",
            ),
        ];
        for (text, error) in whole {
            assert_eq!(decode(text.as_bytes()), Err(error.to_owned()));
        }
    }

    #[test]
    fn reads_every_section_of_the_first_document() {
        let text = format!(
            "{HEAD}anonymous: {{enabled: true, conditions: [{{path: /livez}}]}}\njwt:\n- issuer: {{url: 'https://x', audiences: [a, b]}}\n  claimMappings:\n    username: {{claim: sub, prefix: ''}}\n    extra: [{{key: k/x, valueExpression: claims.x}}]\n  userValidationRules: [{{expression: 'true'}}]\n---\nnothing: [\n"
        );
        let config = decode(text.as_bytes()).expect("a configuration");
        let anonymous = config.anonymous.expect("anonymous");
        assert!(anonymous.allows("/livez") && !anonymous.allows("/livez/"));
        let jwt = &config.jwt[0];
        assert_eq!(jwt.issuer.audiences, ["a", "b"]);
        assert_eq!(jwt.claim_mappings.username.prefix.as_deref(), Some(""));
        assert_eq!(jwt.claim_mappings.groups.prefix, None);
        assert_eq!(jwt.claim_mappings.extra[0].value_expression, "claims.x");
        assert_eq!(jwt.user_validation_rules[0].expression, "true");
    }
}
