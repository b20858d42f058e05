//! Words of rules that match nothing: the server takes them and compares them byte for byte.

use crate::lint::catalogue::alike;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{PolicyRule, RoleId, Symbol};

const fn rule(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    words: [&'static str; 3],
    references: &'static [&'static str],
    examples: [&'static str; 3],
) -> Rule {
    Rule {
        id,
        name,
        severity,
        what: words[0],
        why: words[1],
        fix: words[2],
        references,
        bad: Example::Cluster(examples[0]),
        good: Example::Cluster(examples[1]),
        near: Example::Cluster(examples[2]),
        check: Check::With("RBC611"),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::Role(check),
        ..rule(
            "RBC611",
            "empty-string-entry",
            Severity::Medium,
            [
                "has an empty word in a rule",
                "an empty resource or verb matches nothing; an empty name matches requests without a name, such as create and list",
                "remove the entry; for every name, leave resourceNames out",
            ],
            &["rbac-tool reads it as a wildcard, which it is not"],
            [
                "{apiGroups: [''], resources: [''], verbs: [get]}",
                "{apiGroups: [''], resources: [pods], verbs: [get]}",
                "{apiGroups: [''], resources: [pods], resourceNames: [], verbs: [get]}",
            ],
        )
    },
    rule(
        "RBC612",
        "wrong-api-group",
        Severity::High,
        [
            "names a resource in a group that does not serve it",
            "the rule matches no request for it",
            "name the group that serves it",
        ],
        &["Kubernetes API reference"],
        [
            "{apiGroups: [''], resources: [deployments], verbs: [get]}",
            "{apiGroups: [apps], resources: [deployments], verbs: [get]}",
            "{apiGroups: ['', apps], resources: [pods, deployments], verbs: [get]}",
        ],
    ),
    rule(
        "RBC613",
        "api-group-with-version",
        Severity::High,
        [
            "writes an API group with its version",
            "a group is compared without version, so this matches nothing",
            "leave the version out",
        ],
        &["Kubernetes API reference"],
        [
            "{apiGroups: [apps/v1], resources: [deployments], verbs: [get]}",
            "{apiGroups: [apps], resources: [deployments], verbs: [get]}",
            "{apiGroups: [example.com], resources: [widgets/v1], verbs: [get]}",
        ],
    ),
    rule(
        "RBC614",
        "core-literal",
        Severity::High,
        [
            "writes the core group as a word",
            "the core group is the empty string; this matches nothing",
            "write \"\"",
        ],
        &["Kubernetes API reference"],
        [
            "{apiGroups: [core], resources: [pods], verbs: [get]}",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{apiGroups: [core.example.com], resources: [pods], verbs: [get]}",
        ],
    ),
    rule(
        "RBC615",
        "unknown-resource",
        Severity::Medium,
        [
            "names a resource that the API does not have",
            "the rule matches no request for it",
            "mend the name",
        ],
        &["Kubernetes API reference"],
        [
            "{apiGroups: [apps], resources: [deploymnets], verbs: [get]}",
            "{apiGroups: [apps], resources: [deployments], verbs: [get]}",
            "{apiGroups: [example.com], resources: [widgets], verbs: [get]}",
        ],
    ),
    rule(
        "RBC616",
        "singular-kind-or-shortname",
        Severity::High,
        [
            "names a kind, a singular or a short name in place of a resource",
            "rules are compared with the plural name in lower case, so this matches nothing",
            "write the plural",
        ],
        &["kube-linter's regular expressions make the same mistake"],
        [
            "{apiGroups: [''], resources: [Pod, svc], verbs: [get]}",
            "{apiGroups: [''], resources: [pods, services], verbs: [get]}",
            "{apiGroups: [''], resources: [endpoints], verbs: [get]}",
        ],
    ),
    rule(
        "RBC617",
        "unknown-verb",
        Severity::Medium,
        [
            "names a verb that no request has",
            "the rule grants nothing by it",
            "mend the verb",
        ],
        &["Kubernetes: request verbs"],
        [
            "{apiGroups: [''], resources: [pods], verbs: [read]}",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{apiGroups: [''], resources: [pods], verbs: ['impersonate-on:associated-node:list']}",
        ],
    ),
    rule(
        "RBC618",
        "verb-case",
        Severity::High,
        [
            "writes a verb in upper case",
            "verbs are compared byte for byte, so this matches nothing",
            "write it in lower case",
        ],
        &["Kubernetes: request verbs"],
        [
            "{apiGroups: [''], resources: [pods], verbs: [Get]}",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{nonResourceURLs: [/Healthz], verbs: [get]}",
        ],
    ),
    rule(
        "RBC619",
        "verb-not-served",
        Severity::Low,
        [
            "grants a verb that none of the rule's resources has",
            "no request can have it",
            "remove the verb",
        ],
        &["trivy KSV-0042 looks for such a verb"],
        [
            "{apiGroups: [''], resources: [pods/log], verbs: [get, list]}",
            "{apiGroups: [''], resources: [pods/log], verbs: [get]}",
            "{apiGroups: [''], resources: [pods, pods/log], verbs: [get, list]}",
        ],
    ),
    rule(
        "RBC620",
        "subresource-wildcard-unsupported",
        Severity::High,
        [
            "writes a wildcard for subresources that RBAC does not know",
            "`pods/*` is compared as it stands, and matches nothing",
            "name the subresources, or write `*/NAME`",
        ],
        &["kubernetes#78936", "checkov#2938"],
        [
            "{apiGroups: [''], resources: ['pods/*'], verbs: [get]}",
            "{apiGroups: [''], resources: [pods, pods/log], verbs: [get]}",
            "{apiGroups: [apps], resources: ['*/scale'], verbs: [get]}",
        ],
    ),
    rule(
        "RBC621",
        "partial-wildcard",
        Severity::High,
        [
            "writes a wildcard as a part of a word",
            "only a whole `*` is a wildcard; this matches nothing",
            "write out the words",
        ],
        &["RBAC documentation"],
        [
            "{apiGroups: [''], resources: [pods], verbs: ['get*']}",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{apiGroups: [''], resources: [pods], verbs: ['*']}",
        ],
    ),
    rule(
        "RBC622",
        "resourcenames-wildcard",
        Severity::High,
        [
            "writes a wildcard in resourceNames",
            "names are compared as they stand: this grants objects that are called so, and there are none",
            "leave resourceNames out, after asking whether every name is meant",
        ],
        &["trivy KSV-0051 takes it for a wildcard"],
        [
            "{apiGroups: [''], resources: [configmaps], resourceNames: ['*'], verbs: [get]}",
            "{apiGroups: [''], resources: [configmaps], verbs: [get]}",
            "{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ['example.com/*'], verbs: [approve]}",
        ],
    ),
    rule(
        "RBC623",
        "resourcenames-with-create",
        Severity::High,
        [
            "grants create or deletecollection for listed names",
            "such a request carries no name, so the rule never allows it",
            "grant the verb in a rule of its own without resourceNames",
        ],
        &[
            "audit2rbac#24",
            "RBAC documentation: referring to resources",
        ],
        [
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [create, update]}",
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [update]}\n{apiGroups: [''], resources: [configmaps], verbs: [create]}",
            "{apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [a], verbs: [create]}",
        ],
    ),
    rule(
        "RBC624",
        "resourcenames-with-list-watch",
        Severity::Low,
        [
            "grants list or watch for listed names",
            "such a request carries the name only with --field-selector metadata.name=NAME; informers are refused",
            "grant get alone, or have the client select by name",
        ],
        &[
            "kubernetes#54079",
            "RBAC documentation: referring to resources",
        ],
        [
            "{apiGroups: [''], resources: [configmaps], resourceNames: [app], verbs: [get, list, watch]}",
            "{apiGroups: [''], resources: [configmaps], resourceNames: [app], verbs: [get]}",
            "{apiGroups: [''], resources: [configmaps], resourceNames: [app], verbs: [get, list]}\n{apiGroups: [''], resources: [configmaps], verbs: [list]}",
        ],
    ),
    rule(
        "RBC627",
        "nonresource-glob-middle",
        Severity::High,
        [
            "writes a wildcard inside a path",
            "only a `*` at the end is one; this matches nothing",
            "end the path with `*`",
        ],
        &["RBAC documentation: non-resource URLs"],
        [
            "{nonResourceURLs: ['/apis/*/v1'], verbs: [get]}",
            "{nonResourceURLs: ['/apis/*'], verbs: [get]}",
            "{nonResourceURLs: ['/healthz*'], verbs: [get]}",
        ],
    ),
    rule(
        "RBC628",
        "nonresource-verb",
        Severity::Medium,
        [
            "grants a verb of resources on a path",
            "a path is asked with the HTTP method in lower case: get, post, put, patch, delete, head, options",
            "write the method",
        ],
        &["Kubernetes: request verbs"],
        [
            "{nonResourceURLs: [/metrics], verbs: [get, list]}",
            "{nonResourceURLs: [/metrics], verbs: [get]}",
            "{nonResourceURLs: [/metrics], verbs: [get, head]}",
        ],
    ),
    rule(
        "RBC629",
        "nonresource-no-slash",
        Severity::High,
        [
            "writes a path without its slash",
            "every path begins with one, so this matches nothing",
            "write the slash",
        ],
        &["RBAC documentation: non-resource URLs"],
        [
            "{nonResourceURLs: [metrics], verbs: [get]}",
            "{nonResourceURLs: [/metrics], verbs: [get]}",
            "{nonResourceURLs: ['*'], verbs: [get]}",
        ],
    ),
    rule(
        "RBC651",
        "trailing-space",
        Severity::High,
        [
            "has a space or an invisible character in a word",
            "words are compared byte for byte, so this matches nothing",
            "remove it",
        ],
        &["RBAC documentation"],
        [
            "{apiGroups: [''], resources: ['pods '], verbs: [get]}",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{apiGroups: [''], resources: [pods],    verbs: [get]}",
        ],
    ),
    rule(
        "RBC652",
        "bind-on-bindings",
        Severity::Medium,
        [
            "grants bind or escalate on bindings",
            "the server asks for these verbs on roles and clusterroles; on bindings they do nothing",
            "grant it on clusterroles with resourceNames, if it is meant at all",
        ],
        &["checkov CKV_K8S_157 CKV2_K8S_1 and rbac-police bind_roles look in this wrong place"],
        [
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [bind]}",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind]}",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}",
        ],
    ),
    rule(
        "RBC655",
        "impersonate-wrong-group",
        Severity::High,
        [
            "grants impersonation in a group where it is not asked",
            "users, groups and serviceaccounts are asked for in the core group, uids and userextras in authentication.k8s.io",
            "move the resource to the other group",
        ],
        &["Kubernetes: user impersonation"],
        [
            "{apiGroups: [''], resources: [uids], verbs: [impersonate]}",
            "{apiGroups: [authentication.k8s.io], resources: [uids], verbs: [impersonate]}",
            "{apiGroups: ['', authentication.k8s.io], resources: [users, groups, uids], verbs: [impersonate]}",
        ],
    ),
    rule(
        "RBC657",
        "userextras-key-form",
        Severity::Medium,
        [
            "writes the key of an extra value in a form that is never asked",
            "the server takes the key from the header in lower case and percent-decoded",
            "write it in lower case, with `/` as it is",
        ],
        &["Kubernetes: user impersonation"],
        [
            "{apiGroups: [authentication.k8s.io], resources: [userextras/Scopes], verbs: [impersonate]}",
            "{apiGroups: [authentication.k8s.io], resources: [userextras/scopes], verbs: [impersonate]}",
            "{apiGroups: [authentication.k8s.io], resources: [userextras/example.com/key], verbs: [impersonate]}",
        ],
    ),
];

const VERBS: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
    "attest",
    "request-serviceaccounts-token-audience",
];
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Verbs whose resources are no API resources.
fn is_special(verb: &str) -> bool {
    matches!(
        verb,
        "use" | "approve" | "sign" | "attest" | "request-serviceaccounts-token-audience"
    ) || verb.starts_with("impersonate")
}

/// A space at an end, or a character that nobody sees.
fn is_odd(word: &str) -> bool {
    word.chars().any(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            )
    })
}

struct Checker<'a, 'l, 'c> {
    lint: &'a Lint<'l>,
    role: RoleId,
    rules: &'c [std::sync::Arc<PolicyRule>],
    index: u32,
    rule: &'c PolicyRule,
    found: &'a mut Found,
    /// The first finding of this rule among all.
    first: usize,
    /// Of this rule: what was said already, so that nothing is said twice.
    said: Vec<(&'static str, String)>,
}

fn check(lint: &Lint<'_>, id: RoleId, found: &mut Found) {
    let role = lint.cluster.role(id);
    // What was gathered is checked where it was written.
    if role.aggregation_rule.is_some() {
        return;
    }
    for (index, rule) in (0u32..).zip(&role.rules) {
        let mut checker = Checker {
            first: found.findings.len(),
            lint,
            role: id,
            rules: &role.rules,
            index,
            rule,
            found: &mut *found,
            said: Vec::new(),
        };
        if rule.non_resource_urls.is_empty() {
            checker.resources();
        } else {
            checker.urls();
        }
    }
}

impl Checker<'_, '_, '_> {
    fn add(&mut self, id: &'static str, word: &str, why: Option<String>, fix: Option<String>) {
        let severity = super::by_id(id).severity;
        self.add_as(id, severity, word, why, fix);
    }

    fn add_as(
        &mut self,
        id: &'static str,
        severity: Severity,
        word: &str,
        why: Option<String>,
        fix: Option<String>,
    ) {
        let key = (id, word.to_owned());
        // A hostile list of a million words is one finding for each rule of the lint.
        if self.said.contains(&key) || self.said.iter().filter(|(i, _)| *i == id).count() >= 5 {
            return;
        }
        self.said.push(key);
        let mut finding = self.lint.of_role(id, severity, self.role, Some(self.index));
        // Words of one rule that are wrong in one way are one finding.
        let mut others = self.found.findings[self.first..].iter_mut();
        let alike = others.find(|other| {
            other.rule.id == id && other.own == severity && (&other.why, &other.fix) == (&why, &fix)
        });
        if let Some(what) = alike.and_then(|other| other.what.as_mut()) {
            what.push_str(&format!(", {}", crate::model::Quoted(word)));
            return;
        }
        let what = super::by_id(id).what;
        finding.what = Some(format!("{what}: {}", crate::model::Quoted(word)));
        finding.why = why;
        finding.fix = fix;
        self.found.add(finding);
    }

    fn str(&self, symbol: Symbol) -> String {
        self.lint.str(symbol).to_owned()
    }

    fn urls(&mut self) {
        let rule = self.rule;
        for url in &rule.non_resource_urls {
            let url = self.str(*url);
            let body = url.trim_end_matches('*');
            if is_odd(&url) {
                self.add("RBC651", &url, None, None);
            } else if body.contains('*') {
                self.add("RBC627", &url, None, None);
            } else if url.is_empty() {
                self.add("RBC611", &url, None, None);
            } else if !url.starts_with('/') && !body.is_empty() {
                self.add(
                    "RBC629",
                    &url,
                    None,
                    Some(format!("write {:?}", format!("/{url}"))),
                );
            }
        }
        for verb in &rule.verbs {
            let verb = self.str(*verb);
            if verb != "*" && !METHODS.contains(&&*verb) {
                self.add("RBC628", &verb, None, None);
            }
        }
    }

    fn resources(&mut self) {
        self.groups();
        self.verbs();
        self.names();
        let rule = self.rule;
        let special = rule
            .verbs
            .iter()
            .all(|verb| is_special(self.lint.str(*verb)));
        let mut known = true;
        for resource in &rule.resources {
            known &= self.resource(*resource, special);
        }
        if known && !special {
            self.unserved_verbs();
        }
        self.rbac_verbs();
        self.impersonation();
    }

    fn groups(&mut self) {
        for group in &self.rule.api_groups {
            let group = self.str(*group);
            if group == "*" || group.is_empty() {
                continue;
            }
            if is_odd(&group) {
                self.add("RBC651", &group, None, None);
            } else if group.contains('*') {
                self.add("RBC621", &group, None, None);
            } else if group == "core" || group == "v1" {
                self.add("RBC614", &group, None, None);
            } else if let Some((name, _)) = group.split_once('/') {
                self.add("RBC613", &group, None, Some(format!("write {name:?}")));
            }
        }
    }

    fn verbs(&mut self) {
        let all_custom = self.rule.api_groups.iter().all(|group| {
            let group = self.lint.str(*group);
            group != "*" && !self.lint.catalogue().is_built_in(group)
        });
        for verb in &self.rule.verbs {
            let verb = self.str(*verb);
            if verb == "*"
                || VERBS.contains(&&*verb)
                || verb.starts_with("impersonate:")
                || verb.starts_with("impersonate-on:")
            {
                continue;
            }
            if verb.is_empty() {
                self.add("RBC611", &verb, None, None);
            } else if is_odd(&verb) {
                self.add("RBC651", &verb, None, None);
            } else if verb.contains('*') {
                self.add("RBC621", &verb, None, None);
            } else if VERBS.contains(&&*verb.to_lowercase()) {
                self.add(
                    "RBC618",
                    &verb,
                    None,
                    Some(format!("write {:?}", verb.to_lowercase())),
                );
            } else if !all_custom {
                // Servers of custom resources may ask for verbs of their own.
                let meant = match &*verb {
                    "read" | "view" => Some("get, list, watch"),
                    "write" | "edit" | "modify" => Some("create, update, patch, delete"),
                    _ => alike(&verb, VERBS.into_iter()),
                };
                self.add(
                    "RBC617",
                    &verb,
                    None,
                    meant.map(|meant| format!("did you mean {meant}?")),
                );
            }
        }
    }

    /// Whether another rule of the role allows the verb on all of this rule's resources without names.
    fn elsewhere(&self, verb: Symbol) -> bool {
        let has =
            |list: &[Symbol], word: Symbol| list.contains(&Symbol::ANY) || list.contains(&word);
        let rule = self.rule;
        self.rules.iter().any(|other| {
            other.resource_names.is_empty()
                && has(&other.verbs, verb)
                && rule
                    .api_groups
                    .iter()
                    .all(|group| has(&other.api_groups, *group))
                && rule
                    .resources
                    .iter()
                    .all(|resource| has(&other.resources, *resource))
        })
    }

    fn names(&mut self) {
        let rule = self.rule;
        if rule.resource_names.is_empty() {
            return;
        }
        let verb = |wanted: &str| {
            rule.verbs
                .iter()
                .any(|v| self.lint.str(*v).starts_with(wanted))
        };
        let real_star = verb("impersonate") || verb("approve") || verb("sign") || verb("attest");
        for name in &rule.resource_names {
            let name = self.str(*name);
            if name.is_empty() {
                self.add("RBC611", &name, None, None);
            } else if name.contains('*') && !real_star {
                self.add("RBC622", &name, None, None);
            } else if name.trim() != name {
                self.add("RBC651", &name, None, None);
            }
        }
        if rule.resource_names.contains(&Symbol::EMPTY) {
            return;
        }
        let whole = |resource: &Symbol| !self.lint.str(*resource).contains('/');
        for symbol in &rule.verbs {
            let verb = self.str(*symbol);
            let nameless = match &*verb {
                "create" => rule.resources.iter().any(whole),
                "deletecollection" => true,
                _ => false,
            };
            let listing = matches!(&*verb, "list" | "watch");
            if !(nameless || listing) || self.elsewhere(*symbol) {
                continue;
            }
            if nameless {
                // Beside verbs that work it is a surprise; alone it makes the whole rule inert.
                let severity = if rule.verbs.len() == 1 {
                    Severity::High
                } else {
                    Severity::Medium
                };
                self.add_as("RBC623", severity, &verb, None, None);
            } else {
                self.add("RBC624", &verb, None, None);
            }
        }
    }

    /// Whether it is known that the API has the resource.
    fn resource(&mut self, symbol: Symbol, special: bool) -> bool {
        let resource = self.str(symbol);
        if resource == "*" {
            return false;
        }
        if resource.is_empty() {
            self.add("RBC611", &resource, None, None);
            return false;
        }
        if is_odd(&resource) {
            self.add("RBC651", &resource, None, None);
            return false;
        }
        if resource.contains('*') {
            match resource.strip_prefix("*/") {
                Some(sub) if !sub.contains('*') && !sub.is_empty() => {}
                _ if resource.contains('/') => self.add("RBC620", &resource, None, None),
                _ => self.add("RBC621", &resource, None, None),
            }
            return false;
        }
        if special {
            return false;
        }
        let lint = self.lint;
        let catalogue = lint.catalogue();
        let groups: Vec<&str> = self
            .rule
            .api_groups
            .iter()
            .map(|group| lint.str(*group))
            .collect();
        if groups.contains(&"*") {
            return false;
        }
        if groups
            .iter()
            .any(|group| catalogue.served(group, &resource).is_some())
        {
            return true;
        }
        let unlisted = groups
            .iter()
            .any(|group| catalogue.is_unlisted(group, &resource));
        let unknown = groups.iter().any(|group| !catalogue.knows_group(group));
        let parent = resource.split('/').next().unwrap_or_default();
        let custom = lint.is_custom(&groups, parent);
        if unlisted || unknown || custom {
            return false;
        }
        // What a custom group serves beside what was loaded is not known.
        let built_in = groups.iter().all(|group| catalogue.is_built_in(group));
        let serving: Vec<&str> = catalogue.groups_of(&resource).collect();
        if !serving.is_empty() {
            let fix = format!("the group is {}", super::listed(&serving));
            // A rule for old servers beside one for new ones does no harm.
            let leftover = self.granted_in(&serving, symbol);
            let severity = if leftover || !built_in {
                Severity::Low
            } else {
                Severity::High
            };
            self.add_as("RBC612", severity, &resource, None, Some(fix));
        } else if let Some(plural) = catalogue.plural(&resource).filter(|_| built_in) {
            self.add("RBC616", &resource, None, Some(format!("write {plural:?}")));
        } else {
            let near = catalogue
                .alike(&resource)
                .map(|near| format!("did you mean {near:?}?"));
            let subresource = resource.contains('/')
                && !catalogue.groups_of(parent).collect::<Vec<_>>().is_empty();
            match (built_in, subresource) {
                (true, false) => self.add("RBC615", &resource, None, near),
                // Generators write /status of everything.
                (true, true) => self.add_as("RBC615", Severity::Low, &resource, None, near),
                (false, _) if near.is_some() => {
                    self.add_as("RBC615", Severity::Low, &resource, None, near)
                }
                (false, _) => {}
            }
        }
        false
    }

    /// Whether the role grants the resource in one of these groups as well.
    fn granted_in(&self, groups: &[&str], resource: Symbol) -> bool {
        let verbs = &self.rule.verbs;
        self.rules.iter().any(|other| {
            let group = other
                .api_groups
                .iter()
                .any(|group| groups.contains(&self.lint.str(*group)));
            group
                && (other.resources.contains(&resource) || other.resources.contains(&Symbol::ANY))
                && verbs
                    .iter()
                    .any(|verb| other.verbs.contains(verb) || other.verbs.contains(&Symbol::ANY))
        })
    }

    /// Verbs that no resource of the rule has.
    fn unserved_verbs(&mut self) {
        let lint = self.lint;
        let rule = self.rule;
        let catalogue = lint.catalogue();
        for verb in &rule.verbs {
            let verb = lint.str(*verb);
            // Only the verbs of the API; `bind` and its like are asked of roles.
            if !VERBS[..8].contains(&verb) {
                continue;
            }
            let served = rule.api_groups.iter().any(|group| {
                rule.resources.iter().any(|resource| {
                    let served = catalogue.served(lint.str(*group), lint.str(*resource));
                    // Since 1.35 a GET that upgrades is asked as create, too, and connecting takes both.
                    served.is_some_and(|(_, verbs)| {
                        verbs.contains(verb) || (verbs.contains("create") && verb == "get")
                    })
                })
            });
            if !served {
                self.add("RBC619", verb, None, None);
            }
        }
    }

    fn rbac_verbs(&mut self) {
        let rule = self.rule;
        let has = |list: &[Symbol], words: &[&str]| {
            list.iter().any(|s| words.contains(&self.lint.str(*s)))
        };
        let on_bindings = has(&rule.resources, &["rolebindings", "clusterrolebindings"]);
        let on_roles = has(&rule.resources, &["roles", "clusterroles", "*"]);
        if !on_bindings || on_roles || !has(&rule.api_groups, &["rbac.authorization.k8s.io", "*"]) {
            return;
        }
        for verb in ["bind", "escalate"] {
            if has(&rule.verbs, &[verb]) {
                self.add("RBC652", verb, None, None);
            }
        }
    }

    fn impersonation(&mut self) {
        let rule = self.rule;
        let has = |list: &[Symbol], word: &str| list.iter().any(|s| self.lint.str(*s) == word);
        if has(&rule.api_groups, "*") {
            return;
        }
        let legacy = has(&rule.verbs, "impersonate");
        let (core, authentication) = (
            has(&rule.api_groups, ""),
            has(&rule.api_groups, "authentication.k8s.io"),
        );
        for resource in &rule.resources {
            let resource = self.str(*resource);
            let extra = resource.strip_prefix("userextras/");
            let in_core = matches!(&*resource, "users" | "groups" | "serviceaccounts");
            let elsewhere = resource == "uids" || extra.is_some();
            if legacy
                && ((in_core && authentication && !core) || (elsewhere && core && !authentication))
            {
                self.add("RBC655", &resource, None, None);
            }
            if let Some(key) = extra
                && authentication
                && (key.contains('%') || key.chars().any(char::is_uppercase))
            {
                self.add("RBC657", &resource, None, None);
            }
        }
    }
}
