//! Words of rules that match nothing: the server takes them and compares them byte for byte.

use crate::lint::catalogue::{Catalogue, alike};
use crate::lint::{Check, Example, Facet, Found, Lint, Rule, Severity, Word};
use crate::model::{PolicyRule, RoleId, Symbol};
use std::collections::BTreeSet;

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
            "writes subresources in a form that RBAC does not know",
            "`pods/*` and `pods.exec` are compared as they stand, and match nothing",
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
            "a request to create, or to delete a collection, carries no name, so the rule does not allow it",
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
        Severity::Medium,
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
        "RBC658",
        "unreachable-rule",
        Severity::Low,
        [
            "has a rule of which nothing can ever match",
            "of all combinations of its words, none is a request that the API knows",
            "mend what is said beside it, or delete the rule",
        ],
        &["Kubernetes API reference"],
        [
            "{apiGroups: [''], resources: [deployments], verbs: [get]}",
            "{apiGroups: [apps], resources: [deployments], verbs: [get]}",
            "{apiGroups: ['', core], resources: [deployments, pods], verbs: [get, Get]}",
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

/// The lists of a rule.
const VERBS: &str = "verbs";
const GROUPS: &str = "apiGroups";
const RESOURCES: &str = "resources";
const NAMES: &str = "resourceNames";
const URLS: &str = "nonResourceURLs";

/// How many combinations of a rule's words are tried.
const COMBINED: usize = 10_000;

const VERBS_OF_API: [&str; 16] = [
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

/// The group that is meant by one with a version, or by a word for the core group.
fn meant_group(group: &str) -> &str {
    match group.split_once('/') {
        Some((name, _)) => name,
        None if group == "core" || group == "v1" => "",
        None => group,
    }
}

/// Whether some request of the API has the verb.
fn is_known_verb(verb: &str) -> bool {
    VERBS_OF_API.contains(&verb)
        || verb.starts_with("impersonate:")
        || verb.starts_with("impersonate-on:")
        // How drivers report on the claims of their node (resource.k8s.io).
        || verb
            .strip_prefix("associated-node:")
            .or_else(|| verb.strip_prefix("arbitrary-node:"))
            .is_some_and(|verb| VERBS_OF_API.contains(&verb))
}

/// Whether a verb is among those that a resource serves.
fn is_served(verbs: &BTreeSet<&'static str>, verb: &str) -> bool {
    // Since 1.35 a GET that upgrades is asked as create, too, and connecting takes both.
    verb == "*"
        || verbs.contains(verb)
        || (verbs.contains("create") && verb == "get")
        || !VERBS_OF_API[..8].contains(&verb)
}

/// Whether the server asks for exactly this, of somebody who impersonates with many extra values at once.
fn is_all_extras(verb: &str, resource: &str) -> bool {
    resource == "userextras/*" && verb.starts_with("impersonate:")
}

/// Whether the verb `impersonate` is asked of the resource in the group.
fn is_impersonated(group: &str, resource: &str) -> bool {
    match group {
        "" => matches!(resource, "users" | "groups" | "serviceaccounts"),
        "authentication.k8s.io" => resource == "uids" || resource.starts_with("userextras/"),
        _ => false,
    }
}

/// A character that nobody sees.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// A space, or a character that nobody sees.
fn is_odd(word: &str) -> bool {
    word.chars().any(|c| c.is_whitespace() || is_invisible(c))
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
    fn add(&mut self, id: &'static str, at: (&'static str, &str), fix: Option<String>) {
        let severity = super::by_id(id).severity;
        self.add_as(id, severity, at, None, fix);
    }

    /// Adds a finding about a word of a list.
    fn add_as(
        &mut self,
        id: &'static str,
        severity: Severity,
        (field, word): (&'static str, &str),
        why: Option<String>,
        fix: Option<String>,
    ) {
        let key = (id, word.to_owned());
        // A hostile list of a million words is one finding for each rule of the lint.
        if self.said.contains(&key) || self.said.iter().filter(|(i, _)| *i == id).count() >= 5 {
            return;
        }
        self.said.push(key);
        let place = Word {
            field: field.to_owned(),
            text: Some(word.to_owned()),
            at: None,
        };
        // Words of one rule that are wrong in one way are one finding.
        let mut others = self.found.findings[self.first..].iter_mut();
        let alike = others.find(|other| {
            other.rule.id == id && other.own == severity && (&other.why, &other.fix) == (&why, &fix)
        });
        if let Some(other) = alike {
            let what = other.what.get_or_insert_default();
            what.push_str(&format!(", {}", crate::model::Quoted(word)));
            other.words.push(place);
            return;
        }
        let mut finding = self.lint.of_role(id, severity, self.role, Some(self.index));
        let what = super::by_id(id).what;
        finding.what = Some(format!("{what}: {}", crate::model::Quoted(word)));
        finding.why = why;
        finding.fix = fix;
        finding.words.push(place);
        self.found.add(finding);
    }

    fn str(&self, symbol: Symbol) -> String {
        self.lint.str(symbol).to_owned()
    }

    fn urls(&mut self) {
        let rule = self.rule;
        let mut reachable = false;
        for url in &rule.non_resource_urls {
            let url = self.str(*url);
            let at = (URLS, &*url);
            let body = url.trim_end_matches('*');
            if is_odd(&url) {
                self.add("RBC651", at, None);
            } else if body.contains('*') {
                self.add("RBC627", at, None);
            } else if url.is_empty() {
                self.add("RBC611", at, None);
            } else if !url.starts_with('/') && !body.is_empty() {
                self.add("RBC629", at, Some(format!("write {:?}", format!("/{url}"))));
            } else {
                reachable = true;
            }
        }
        let mut asked = false;
        for verb in &rule.verbs {
            let verb = self.str(*verb);
            let at = (VERBS, &*verb);
            let lower = verb.to_lowercase();
            if verb == "*" || METHODS.contains(&&*verb) {
                asked = true;
            } else if verb.is_empty() {
                self.add("RBC611", at, None);
            } else if is_odd(&verb) {
                self.add("RBC651", at, None);
            } else if verb.contains('*') {
                self.add("RBC621", at, None);
            } else if METHODS.contains(&&*lower) {
                self.add("RBC618", at, Some(format!("write {lower:?}")));
            } else {
                self.add("RBC628", at, None);
            }
        }
        if !(reachable && asked) {
            self.unreachable();
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
        // Where nothing is wrong with a word, something is asked.
        if self.found.findings.len() > self.first && !self.is_reachable() {
            self.unreachable();
        }
    }

    /// Says of the gravest finding of a rule that nothing of the rule is left.
    fn unreachable(&mut self) {
        let findings = self.found.findings[self.first..].iter_mut();
        let Some(gravest) = findings.max_by_key(|finding| finding.severity) else {
            return;
        };
        let rule = super::by_id("RBC658");
        gravest.facets.push(Facet {
            rule,
            severity: rule.severity,
            why: None,
        });
    }

    /// Whether some request may be allowed by the rule: by what is known of its groups, and by its words.
    fn is_reachable(&self) -> bool {
        let rule = self.rule;
        let few = rule.verbs.len() * rule.api_groups.len() * rule.resources.len() <= COMBINED;
        !few || rule.api_groups.iter().any(|group| {
            let group = self.lint.str(*group);
            rule.resources.iter().any(|resource| {
                let resource = self.lint.str(*resource);
                let mut verbs = rule.verbs.iter();
                verbs.any(|verb| self.may_be_asked(self.lint.str(*verb), group, resource))
            })
        })
    }

    /// Whether a request may have these words; what is not known of other servers counts as yes.
    fn may_be_asked(&self, verb: &str, group: &str, resource: &str) -> bool {
        let catalogue = self.lint.catalogue();
        let is_word = |word: &str| !is_odd(word) && (word == "*" || !word.contains('*'));
        if !is_word(verb) || !is_word(group) || verb.is_empty() || resource.is_empty() {
            return false;
        }
        if matches!(group, "core" | "v1") || group.contains('/') || is_odd(resource) {
            return false;
        }
        let wild = match resource.strip_prefix("*/") {
            Some(sub) if sub.is_empty() || sub.contains('*') => return false,
            Some(_) => true,
            None if resource == "*" => true,
            None if resource.contains('*') && !is_all_extras(verb, resource) => return false,
            None => false,
        };
        let open = group == "*" || !catalogue.is_built_in(group);
        if !open && verb != "*" && !is_known_verb(verb) {
            return false;
        }
        if VERBS_OF_API.contains(&&*verb.to_lowercase()) && !VERBS_OF_API.contains(&verb) {
            return false;
        }
        let names = &self.rule.resource_names;
        let named = !names.is_empty() && !names.contains(&Symbol::EMPTY);
        let nameless = verb == "deletecollection" || (verb == "create" && !resource.contains('/'));
        if named && nameless && !self.is_applied() {
            return false;
        }
        if open || wild {
            return true;
        }
        match verb {
            "impersonate" => return is_impersonated(group, resource),
            "bind" | "escalate" => return matches!(resource, "roles" | "clusterroles"),
            verb if is_special(verb) => return true,
            _ => {}
        }
        match catalogue.served(group, resource) {
            Some((_, verbs)) => is_served(verbs, verb),
            None => {
                catalogue.is_unlisted(group, resource)
                    || self
                        .lint
                        .is_custom(&[group], resource.split('/').next().unwrap_or(resource))
            }
        }
    }

    /// Whether the rule lets objects be applied by the server, which asks for `create` with the name.
    fn is_applied(&self) -> bool {
        let mut verbs = self.rule.verbs.iter();
        verbs.any(|verb| matches!(self.lint.str(*verb), "patch" | "*"))
    }

    fn groups(&mut self) {
        for group in &self.rule.api_groups {
            let group = self.str(*group);
            let at = (GROUPS, &*group);
            if group == "*" || group.is_empty() {
                continue;
            }
            if is_odd(&group) {
                self.add("RBC651", at, None);
            } else if group.contains('*') {
                self.add("RBC621", at, None);
            } else if group == "core" || group == "v1" {
                self.add("RBC614", at, None);
            } else if let Some((name, _)) = group.split_once('/') {
                self.add("RBC613", at, Some(format!("write {name:?}")));
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
            let at = (VERBS, &*verb);
            let lower = verb.to_lowercase();
            if verb == "*" || is_known_verb(&verb) {
                continue;
            }
            if verb.is_empty() {
                self.add("RBC611", at, None);
            } else if is_odd(&verb) {
                self.add("RBC651", at, None);
            } else if verb.contains('*') {
                self.add("RBC621", at, None);
            } else if is_known_verb(&lower) {
                self.add("RBC618", at, Some(format!("write {lower:?}")));
            } else if !all_custom {
                // Servers of custom resources may ask for verbs of their own.
                let meant = match &*verb {
                    "read" | "view" => Some("get, list, watch"),
                    "write" | "edit" | "modify" => Some("create, update, patch, delete"),
                    _ => alike(&verb, VERBS_OF_API.into_iter()),
                };
                self.add(
                    "RBC617",
                    at,
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
        for name in &rule.resource_names {
            let name = self.str(*name);
            let at = (NAMES, &*name);
            if name.is_empty() {
                self.add("RBC611", at, None);
            } else if name.contains('*') && !self.is_asked_name(&name) {
                self.add("RBC622", at, None);
            } else if name.trim() != name || name.chars().any(is_invisible) {
                self.add("RBC651", at, None);
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
            let at = (VERBS, &*verb);
            if verb == "create" && self.is_applied() {
                // The server asks for it with the name where applying would make the object.
                let why = "a request to create carries no name; only kubectl apply --server-side is allowed by it";
                self.add_as("RBC623", Severity::Medium, at, Some(why.to_owned()), None);
            } else if nameless {
                self.add("RBC623", at, None);
            } else {
                self.add("RBC624", at, None);
            }
        }
    }

    /// Whether the server asks for a name with a star, as it stands.
    fn is_asked_name(&self, name: &str) -> bool {
        let rule = self.rule;
        let mut verbs = rule.verbs.iter().map(|verb| self.lint.str(*verb));
        let has = |resource: &str| {
            let mut resources = rule.resources.iter();
            resources.any(|of| self.lint.str(*of) == resource)
        };
        verbs.any(|verb| match verb {
            "approve" | "sign" | "attest" => name.len() > 2 && name.ends_with("/*"),
            "impersonate:associated-node" => name == "*",
            verb if verb.starts_with("impersonate:") => {
                name == "*" && (has("groups") || has("userextras/*"))
            }
            _ => false,
        })
    }

    /// Whether it is known that the API has the resource.
    fn resource(&mut self, symbol: Symbol, special: bool) -> bool {
        let resource = self.str(symbol);
        let at = (RESOURCES, &*resource);
        if resource == "*" {
            return false;
        }
        if resource.is_empty() {
            self.add("RBC611", at, None);
            return false;
        }
        if is_odd(&resource) {
            self.add("RBC651", at, None);
            return false;
        }
        if resource.contains('*') {
            let mut verbs = self.rule.verbs.iter();
            match resource.strip_prefix("*/") {
                Some(sub) if !sub.contains('*') && !sub.is_empty() => {}
                _ if verbs.any(|verb| is_all_extras(self.lint.str(*verb), &resource)) => {}
                _ if resource.contains('/') => self.add("RBC620", at, None),
                _ => self.add("RBC621", at, None),
            }
            return false;
        }
        if special {
            return false;
        }
        let lint = self.lint;
        let catalogue = lint.catalogue();
        let mut written = self.rule.api_groups.iter().map(|group| lint.str(*group));
        // What is said of the groups themselves is not said again of what stands in them.
        let groups: Vec<&str> = written.clone().map(meant_group).collect();
        let as_meant = written.all(|group| meant_group(group) == group);
        if groups.contains(&"*") {
            return false;
        }
        if groups
            .iter()
            .any(|group| catalogue.served(group, &resource).is_some())
        {
            return as_meant;
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
            self.add_as("RBC612", severity, at, None, Some(fix));
        } else if let Some(meant) = self.named_otherwise(&resource, &groups) {
            self.add("RBC616", at, Some(format!("write {meant:?}")));
        } else if let Some(meant) = dotted(&resource, catalogue) {
            self.add("RBC620", at, Some(format!("write {meant:?}")));
        } else {
            let alike = match built_in {
                true => catalogue.alike(&resource),
                false => catalogue.alike_in(&resource, &groups),
            };
            let fix = alike.map(|near| format!("did you mean {near:?}?"));
            // Generators write /status of everything.
            let generated =
                resource.ends_with("/status") && catalogue.groups_of(parent).next().is_some();
            if generated {
                self.add_as("RBC615", Severity::Low, at, None, fix);
            } else if built_in || fix.is_some() {
                self.add("RBC615", at, fix);
            }
        }
        false
    }

    /// The resource whose kind, singular, short name or name in upper case this is, a subresource kept.
    fn named_otherwise(&self, resource: &str, groups: &[&str]) -> Option<String> {
        let catalogue = self.lint.catalogue();
        let (parent, sub) = match resource.split_once('/') {
            Some((parent, sub)) => (parent, Some(sub)),
            None => (resource, None),
        };
        let lower = parent.to_lowercase();
        let plural = match catalogue.plural(parent) {
            Some(plural) => plural,
            None if lower != parent => &lower,
            None => return None,
        };
        let meant = match sub {
            Some(sub) => format!("{plural}/{sub}"),
            None => plural.to_owned(),
        };
        let here = |group: &&str| catalogue.served(group, &meant).is_some();
        let of_kubernetes = groups.iter().all(|group| catalogue.is_built_in(group))
            && catalogue.groups_of(&meant).next().is_some();
        (of_kubernetes || groups.iter().any(here)).then_some(meant)
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
            if !VERBS_OF_API[..8].contains(&verb) {
                continue;
            }
            let served = rule.api_groups.iter().any(|group| {
                rule.resources.iter().any(|resource| {
                    let served = catalogue.served(lint.str(*group), lint.str(*resource));
                    served.is_some_and(|(_, verbs)| is_served(verbs, verb))
                })
            });
            if !served {
                self.add("RBC619", (VERBS, verb), None);
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
                self.add("RBC652", (VERBS, verb), None);
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
        let authentication = has(&rule.api_groups, "authentication.k8s.io");
        for resource in &rule.resources {
            let resource = self.str(*resource);
            let at = (RESOURCES, &*resource);
            let extra = resource.strip_prefix("userextras/");
            let asked_somewhere = ["", "authentication.k8s.io"]
                .iter()
                .any(|group| is_impersonated(group, &resource));
            let mut groups = rule.api_groups.iter().map(|group| self.lint.str(*group));
            if legacy && asked_somewhere && !groups.any(|group| is_impersonated(group, &resource)) {
                self.add("RBC655", at, None);
            }
            if !authentication {
                continue;
            }
            if extra.is_some_and(|key| key.contains('%') || key.chars().any(char::is_uppercase)) {
                self.add("RBC657", at, None);
            } else if resource == "userextras" {
                let why = "the server asks for the key behind a slash, which is missing here";
                let fix = "write userextras/KEY".to_owned();
                self.add_as(
                    "RBC657",
                    Severity::Medium,
                    at,
                    Some(why.to_owned()),
                    Some(fix),
                );
            }
        }
    }
}

/// `RESOURCE.SUBRESOURCE`, written with the slash.
fn dotted(resource: &str, catalogue: &Catalogue) -> Option<String> {
    let slashed = resource.replacen('.', "/", 1);
    let served = slashed != resource && catalogue.groups_of(&slashed).next().is_some();
    served.then_some(slashed)
}
