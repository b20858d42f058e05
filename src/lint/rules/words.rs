//! Words of rules that match nothing: the server takes them and compares them byte for byte.

mod checker;
mod impersonation;
mod known;
mod names;
mod paths;
mod reachable;
mod resources;
mod verbs;

pub(super) use known::is_invisible;

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::RoleId;
use checker::Checker;

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
