//! Objects by which a stronger controller acts for whoever writes them.

use crate::lint::powerful::Powerful;
use crate::lint::{Check, Example, Grant, Judged, Rule, Severity};
use crate::model::SubjectKind;

const OBJECTS: &[&str] = &[
    "create,update,patch argoproj.io:applications,applicationsets",
    "create,update,patch kustomize.toolkit.fluxcd.io:kustomizations",
    "create,update,patch helm.toolkit.fluxcd.io:helmreleases",
    "create,update,patch tekton.dev:pipelineruns,taskruns",
    "create,update,patch cert-manager.io:certificates,issuers,clusterissuers",
    "create,update,patch external-secrets.io:externalsecrets,clusterexternalsecrets",
    "create,update,patch velero.io:restores",
    "create,update,patch kyverno.io:policies,clusterpolicies",
    "create,update,patch kubernetes.crossplane.io:objects",
    "create,update,patch apiextensions.crossplane.io:compositions",
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
    "update,patch kubernetes.crossplane.io:objects/status",
    "update,patch apiextensions.crossplane.io:compositions/status",
];

/// The accounts of the controllers, as their projects name them, in the order of the objects.
const CONTROLLERS: [&[&str]; 10] = [
    &[
        "argocd-application-controller",
        "argocd-applicationset-controller",
    ],
    &["kustomize-controller"],
    &["helm-controller"],
    &["tekton-pipelines-controller"],
    &["cert-manager"],
    &["external-secrets"],
    &["velero", "velero-server"],
    &["kyverno-background-controller", "kyverno"],
    &["provider-kubernetes"],
    &["crossplane"],
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
        detail: Some(|j| {
            let controller = powerful_controller(j)?;
            Some(format!(
                "the controller applies what the object says as {controller}, which holds critical grants"
            ).into())
        }),
        ..Grant::of(&[OBJECTS])
    }),
}];

/// For tables: what `judge` asks about.
pub(in crate::lint) const EXTRA: &[&str] = STATUS;

fn deputy(judged: &Judged<'_, '_>) -> Option<Severity> {
    written(judged).next()?;
    Some(judged.ladder(match powerful_controller(judged) {
        Some(_) => Severity::High,
        None => Severity::Medium,
    }))
}

/// The places in the lists of what is written by somebody who is not the controller.
fn written(judged: &Judged<'_, '_>) -> impl Iterator<Item = usize> {
    let kinds = OBJECTS.iter().zip(STATUS).enumerate();
    kinds
        .filter(|(_, (object, status))| {
            judged.grants(&[object]) && !judged.lint.role_allows(judged.role, &[status])
        })
        .map(|(index, _)| index)
        .filter(|kind| !is_itself(judged, CONTROLLERS[*kind]))
}

/// Whether who is bound is the controller, and no other one of these names holds more.
fn is_itself(judged: &Judged<'_, '_>, names: &[&str]) -> bool {
    let lint = judged.lint;
    let mut subjects = judged.binding().subjects.iter();
    let is_controller = subjects.all(|subject| {
        subject.kind == SubjectKind::ServiceAccount && names.contains(&lint.str(subject.name))
    });
    let another = |account: &Powerful| {
        let mut subjects = judged.binding().subjects.iter();
        name_of(lint.str(account.user)).is_some_and(|(_, name)| names.contains(&name))
            && subjects.all(|subject| subject.matches != account.user)
    };
    is_controller && !lint.powerful().any(another)
}

/// The namespace and the name of an account.
fn name_of(user: &str) -> Option<(&str, &str)> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

/// The account of a controller of what is written, if it was loaded with critical grants.
fn powerful_controller(judged: &Judged<'_, '_>) -> Option<String> {
    let lint = judged.lint;
    let names: Vec<&str> = written(judged)
        .flat_map(|kind| CONTROLLERS[kind])
        .copied()
        .collect();
    lint.powerful().find_map(|account| {
        let (namespace, name) = name_of(lint.str(account.user))?;
        names.contains(&name).then(|| format!("{namespace}/{name}"))
    })
}
