//! Objects by which a stronger controller acts for whoever writes them.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity};

const OBJECTS: &[&str] = &[
    "create,update,patch argoproj.io:applications,applicationsets",
    "create,update,patch kustomize.toolkit.fluxcd.io:kustomizations",
    "create,update,patch helm.toolkit.fluxcd.io:helmreleases",
    "create,update,patch tekton.dev:pipelineruns,taskruns",
    "create,update,patch cert-manager.io:certificates,issuers,clusterissuers",
    "create,update,patch external-secrets.io:externalsecrets,clusterexternalsecrets",
    "create,update,patch velero.io:restores",
    "create,update,patch kyverno.io:policies,clusterpolicies",
];

/// What only the controller of such an object writes. They are in the list of what is asked, so that the
/// table knows them; `judge` tells the two apart.
const STATUS: &[&str] = &[
    "update,patch argoproj.io:applications/status,applicationsets/status",
    "update,patch kustomize.toolkit.fluxcd.io:kustomizations/status",
    "update,patch helm.toolkit.fluxcd.io:helmreleases/status",
    "update,patch tekton.dev:pipelineruns/status,taskruns/status",
    "update,patch cert-manager.io:certificates/status,issuers/status,clusterissuers/status",
    "update,patch external-secrets.io:externalsecrets/status,clusterexternalsecrets/status",
    "update,patch velero.io:restores/status",
    "update,patch kyverno.io:policies/status,clusterpolicies/status",
];

pub(super) const RULES: &[Rule] = &[Rule {
    id: "RBC155",
    name: "controller-deputy-write",
    severity: Severity::Medium,
    what: "writes objects that make a controller act for it",
    why: "the controller applies what the object says with its own rights, which are mostly those of an administrator",
    fix: "let the controller impersonate an account of the tenant, and confine what tenants may name",
    references: &["kubesplaining KUBE-CONFUSED-DEPUTY-001"],
    bad: Example::Cluster("{apiGroups: [argoproj.io], resources: [applications], verbs: [create]}"),
    good: Example::Cluster(
        "{apiGroups: [argoproj.io], resources: [applications], verbs: [get, list]}",
    ),
    // The controller itself.
    near: Example::Cluster(
        "{apiGroups: [argoproj.io], resources: [applications, applications/status], verbs: [create, update]}",
    ),
    check: Check::Grant(Grant {
        judge: Some(deputy),
        ..Grant::of(&[OBJECTS])
    }),
}];

/// For tables: what `judge` asks about.
pub(in crate::lint) const EXTRA: &[&str] = STATUS;

fn deputy(judged: &Judged<'_, '_>) -> Option<Severity> {
    let kinds = OBJECTS.iter().zip(STATUS);
    let mut written = kinds.filter(|(object, _)| judged.grants(&[object]));
    written
        .any(|(_, status)| !judged.lint.role_allows(judged.role, &[status]))
        .then(|| judged.ladder(Severity::Medium))
}
