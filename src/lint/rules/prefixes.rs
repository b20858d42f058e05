//! Subjects and the prefixes that the server's issuers put before names.

use super::tokens::rule;
use crate::answer::danger::quoted;
use crate::apiserver::authentication_config::PrefixedClaimOrExpression;
use crate::lint::credentials::Server;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, SubjectKind};

const BINDING: Example = Example::Manifest(
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'oidc:devs'}\n",
);
/// Accounts are of no issuer.
const ACCOUNT: Example = Example::Manifest(
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: bot}\n",
);

pub(super) const RULES: &[Rule] = &[Rule {
    check: Check::Binding(check),
    ..rule(
        "RBC220",
        "oidc-prefix-mismatch",
        Severity::High,
        [
            "has not the name that the API server's issuers give",
            "no token gets the name, so that nothing is granted to whom it is meant for; a client certificate can have it",
            "write the name with the prefix of the authentication configuration",
        ],
        &["Kubernetes: authenticating, claimMappings"],
        [
            Example::None(
                "with --apiserver whose issuers have groupsPrefix `oidc:`: a binding to Group devs",
            ),
            BINDING,
            ACCOUNT,
        ],
    )
}];

/// What issuers put before names of one kind.
struct Prefixes<'s> {
    /// Those that are not empty.
    some: Vec<&'s str>,
    /// Whether an issuer puts nothing there, or what an expression makes.
    open: bool,
}

impl<'s> Prefixes<'s> {
    fn of(mappings: impl Iterator<Item = &'s PrefixedClaimOrExpression>) -> Self {
        let mut prefixes = Prefixes {
            some: Vec::new(),
            open: false,
        };
        for mapping in mappings {
            match mapping.prefix.as_deref() {
                _ if !mapping.expression.is_empty() => prefixes.open = true,
                // The issuer names nobody of this kind.
                _ if mapping.claim.is_empty() => {}
                None | Some("") => prefixes.open = true,
                Some(prefix) => prefixes.some.push(prefix),
            }
        }
        prefixes
    }
}

fn check(lint: &Lint<'_>, binding: BindingId, found: &mut Found) {
    // What is missing for one binding is missing for all of them.
    if found.not_checked.iter().any(|known| known.id == "RBC220") {
        return;
    }
    let Some(server) = lint.server() else {
        return found.not_checked("RBC220", lint.why_no_server());
    };
    let config = &server.config;
    if config.is_missing(config.options.authentication_config.as_deref()) {
        return found.not_checked("RBC220", "the authentication configuration is not there");
    }
    let issuers = &config.authentication.jwt;
    if issuers.is_empty() {
        return found.not_checked("RBC220", "the API server has no issuers of OpenID Connect");
    }
    let users = Prefixes::of(issuers.iter().map(|jwt| &jwt.claim_mappings.username));
    let groups = Prefixes::of(issuers.iter().map(|jwt| &jwt.claim_mappings.groups));
    let subjects = &lint.cluster.binding(binding).subjects;
    for (index, subject) in (0u32..).zip(subjects) {
        let name = lint.str(subject.name);
        let (own, other, kind) = match subject.kind {
            SubjectKind::User => (&users, &groups, "user"),
            SubjectKind::Group => (&groups, &users, "group"),
            SubjectKind::ServiceAccount => continue,
        };
        // Names of the cluster, and of whom kubeadm makes certificates for.
        let of_cluster = ["system:", "kubeadm:"]
            .iter()
            .any(|start| name.starts_with(start))
            || name == "kubernetes-admin";
        if of_cluster || is_static(server, subject.kind, name) {
            continue;
        }
        if let Some(what) = mismatch(name, own, other, kind) {
            let mut finding = lint.of_subject("RBC220", Severity::High, binding, index);
            finding.what = Some(what.into());
            found.add(finding);
        }
    }
}

/// Whether the file of static tokens gives this name.
fn is_static(server: Server<'_>, kind: SubjectKind, name: &str) -> bool {
    server.config.tokens.iter().any(|row| match kind {
        SubjectKind::Group => row.groups.iter().any(|group| group == name),
        _ => row.user == name,
    })
}

fn mismatch(name: &str, own: &Prefixes<'_>, other: &Prefixes<'_>, kind: &str) -> Option<String> {
    let twice = |prefix: &&&str| {
        name.strip_prefix(**prefix)
            .is_some_and(|rest| rest.starts_with(**prefix))
    };
    if let Some(prefix) = own.some.iter().find(twice) {
        return Some(format!("has the prefix {} twice", quoted(prefix)));
    }
    if own.some.iter().any(|prefix| name.starts_with(prefix)) {
        return None;
    }
    if let Some(prefix) = other.some.iter().find(|prefix| name.starts_with(**prefix)) {
        return Some(format!(
            "has the prefix {}, which issuers do not give to a {kind}",
            quoted(prefix)
        ));
    }
    if own.open {
        // By habit; nothing puts it there.
        let habit = name.starts_with("oidc:");
        return habit
            .then(|| format!("has the prefix \"oidc:\", and the issuers give a {kind} none"));
    }
    let expected: Vec<String> = own.some.iter().map(|prefix| quoted(prefix)).collect();
    (!expected.is_empty()).then(|| {
        format!(
            "lacks the prefix that issuers give to a {kind} ({}): only a client certificate can have this name",
            expected.join(", ")
        )
    })
}
