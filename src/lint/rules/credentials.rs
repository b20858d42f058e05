//! Credentials that live long, or where everybody reads them.

use crate::answer::danger::quoted;
use crate::authn::bootstrap;
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::core_objects::StoredSecret;
use crate::model::notes::OddityKind;

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
        bad: Example::Manifest(examples[0]),
        good: Example::Manifest(examples[1]),
        near: Example::Manifest(examples[2]),
        check: Check::With("RBC304"),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC304",
            "legacy-token-secret",
            Severity::High,
            [
                "holds a service account token that never expires",
                "everybody who reads the Secret once is the account, until the Secret is deleted",
                "use kubectl create token or a projected volume, and delete the Secret",
            ],
            &[
                "CIS 3.1.2",
                "kubesplaining KUBE-SECRETS-001",
                "kubernetes#81136",
                "ATT&CK T1528",
            ],
            [
                "apiVersion: v1\nkind: Secret\nmetadata: {namespace: ci, name: bot-token, annotations: {kubernetes.io/service-account.name: bot}}\ntype: kubernetes.io/service-account-token\n",
                "apiVersion: v1\nkind: Secret\nmetadata: {namespace: ci, name: app}\ntype: Opaque\n",
                "apiVersion: v1\nkind: Secret\nmetadata: {namespace: ci, name: bot-token-abcde}\ntype: kubernetes.io/tls\n",
            ],
        )
    },
    rule(
        "RBC315",
        "token-in-clear",
        Severity::Critical,
        [
            "holds a credential where it is no secret",
            "whoever reads the object has it, and so has every repository, log and backup that it passes through",
            "revoke it, and mount a Secret or a projected token",
        ],
        &["kubescape C-0012", "trivy KSV-01010", "ATT&CK T1552"],
        [
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: ci, name: join}\ndata: {command: 'kubeadm join --token abcdef.0123456789abcdef'}\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: ci, name: join}\ndata: {command: kubeadm join}\n",
            // The detached signature of cluster-info is no token.
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: kube-public, name: cluster-info}\ndata: {jws-kubeconfig-abcdef: eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..c2lnbmF0dXJl}\n",
        ],
    ),
    rule(
        "RBC322",
        "bootstrap-token-secret",
        Severity::High,
        [
            "is a bootstrap token that lives long or is not what the server takes",
            "it is not used up by a join: whoever has it can join nodes as long as it lives",
            "write `expiration` within a day, and the groups system:bootstrappers:*",
        ],
        &["CIS 3.1.3", "kubescape C-0288", "KubiScan"],
        [
            "apiVersion: v1\nkind: Secret\nmetadata: {namespace: kube-system, name: bootstrap-token-abcdef}\ntype: bootstrap.kubernetes.io/token\nstringData: {token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-authentication: 'true'}\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {namespace: kube-system, name: bootstrap-token-abcdef}\ntype: bootstrap.kubernetes.io/token\nstringData: {token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-authentication: 'true', expiration: '1970-01-01T12:00:00Z'}\n",
            // It does not authenticate anybody.
            "apiVersion: v1\nkind: Secret\nmetadata: {namespace: kube-system, name: bootstrap-token-abcdef}\ntype: bootstrap.kubernetes.io/token\nstringData: {token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-signing: 'true'}\n",
        ],
    ),
    rule(
        "RBC225",
        "aws-auth-masters",
        Severity::Critical,
        [
            "maps an identity of AWS to system:masters",
            "whoever may assume it may everything, whatever the bindings say",
            "map it to a group of your own, and bind a role to that",
        ],
        &["kubesplaining KUBE-CLOUD-AWSAUTH", "kubescape C-0285"],
        [
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: kube-system, name: aws-auth}\ndata:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/dev\n      groups: [system:masters]\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: kube-system, name: aws-auth}\ndata:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/dev\n      groups: [eks-devs]\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: docs, name: aws-auth}\ndata:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/dev\n      groups: [system:masters]\n",
        ],
    ),
];

fn add(
    id: &'static str,
    severity: Severity,
    at: crate::model::Position,
    object: String,
    what: Option<String>,
    found: &mut Found,
) {
    let mut finding = Finding::new(super::by_id(id), severity, at);
    finding.rare.object = Some(object);
    finding.what = what.map(Into::into);
    found.add(finding);
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    let notes = lint.cluster.notes();
    for token in &notes.clear {
        let now = lint.settings.now.as_second();
        let expired = token.expires.is_some_and(|expires| expires < now);
        let severity = if expired {
            Severity::Low
        } else {
            Severity::Critical
        };
        let what = format!("holds {} where it is no secret", token.what);
        add(
            "RBC315",
            severity,
            token.position,
            token.object.clone(),
            Some(what),
            found,
        );
    }
    for oddity in &notes.oddities {
        let (severity, what) = match oddity.kind {
            OddityKind::AwsMasters => (Severity::Critical, None),
            OddityKind::AwsPattern => (
                Severity::Critical,
                Some("maps identities of AWS by a pattern, so that nobody can tell who they are"),
            ),
            OddityKind::AwsNodes => (
                Severity::Medium,
                Some("maps an identity of AWS that is no node to system:nodes"),
            ),
            _ => continue,
        };
        let what = what.map(str::to_owned);
        let (position, object) = (oddity.position, oddity.object.clone());
        add("RBC225", severity, position, object, what, found);
    }
    let core = lint.cluster.core_objects();
    if !core.has_secrets() {
        found.not_checked("RBC304", "no Secrets were loaded");
        found.not_checked("RBC322", "no Secrets were loaded");
        return;
    }
    let mut secrets: Vec<_> = core.secrets().collect();
    secrets.sort_by_key(|(namespace, name, _)| (*namespace, *name));
    for (namespace, name, secret) in secrets {
        let object = format!("Secret/{namespace}/{name}");
        if secret.type_ == "kubernetes.io/service-account-token" {
            let (severity, what) = legacy(lint, namespace, secret);
            add(
                "RBC304",
                severity,
                secret.identity.position,
                object,
                what,
                found,
            );
        } else if secret.type_ == bootstrap::TYPE {
            for (severity, what) in of_bootstrap(lint, namespace, name, secret) {
                add(
                    "RBC322",
                    severity,
                    secret.identity.position,
                    object.clone(),
                    Some(format!("is a bootstrap token {what}")),
                    found,
                );
            }
        }
    }
}

/// How grave a Secret with a token that never expires is: by what the account may.
fn legacy(lint: &Lint<'_>, namespace: &str, secret: &StoredSecret) -> (Severity, Option<String>) {
    let labelled = |label: &str| secret.labels.get(label).filter(|value| !value.is_empty());
    if let Some(since) = labelled("kubernetes.io/legacy-token-invalid-since") {
        let what = format!(
            "holds a service account token that the server shut off on {}: it is waiting to be deleted",
            quoted(since)
        );
        return (Severity::Low, Some(what));
    }
    let used = labelled("kubernetes.io/legacy-token-last-used")
        .map(|date| format!("; it was used last on {}", quoted(date)))
        .unwrap_or_default();
    let account = secret.account.as_deref().unwrap_or("");
    let powerful = lint.gravest_of_account(namespace, account) == Severity::Critical;
    if powerful {
        let what = format!(
            "holds a token of {account}, which has critical grants, and it never expires{used}"
        );
        return (Severity::Critical, Some(what));
    }
    let what = (!used.is_empty())
        .then(|| format!("holds a service account token that never expires{used}"));
    (Severity::High, what)
}

/// What is wrong with a bootstrap token: that it lives long, or that the server does not take it.
fn of_bootstrap(
    lint: &Lint<'_>,
    namespace: &str,
    name: &str,
    secret: &StoredSecret,
) -> Vec<(Severity, String)> {
    let bytes = |key: &str| secret.data.get(key).map_or(&[][..], |value| value.expose());
    let text = |key: &str| std::str::from_utf8(bytes(key)).unwrap_or("");
    let mut said = Vec::new();
    let mut say = |severity, what: &str| said.push((severity, what.to_owned()));
    if namespace != "kube-system" {
        say(
            Severity::High,
            "outside of kube-system, where no server looks: it is good for nothing, and stands there",
        );
    }
    let (id, word) = (text("token-id"), text("token-secret"));
    if name.strip_prefix("bootstrap-token-") != Some(id) {
        say(
            Severity::High,
            "whose name is not bootstrap-token- and its token-id, so that nobody can use it",
        );
    }
    if bootstrap::split(&format!("{id}.{word}")).is_none() {
        say(
            Severity::High,
            "whose id or secret has not the form [a-z0-9]{6}.[a-z0-9]{16}, so that nobody can use it",
        );
    } else {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters.dedup();
        if letters.len() < 6 {
            say(
                Severity::High,
                "with a weak secret, which repeats a few letters and can be guessed",
            );
        }
    }
    // It only signs cluster-info.
    if text("usage-bootstrap-authentication") != "true" {
        return said;
    }
    let groups = text("auth-extra-groups");
    let mut groups = groups.split(',').filter(|group| !group.is_empty());
    if !groups.all(bootstrap::is_bootstrap_group) {
        say(
            Severity::High,
            "with groups that the server refuses: they must begin with system:bootstrappers:",
        );
    }
    let expiration = bytes("expiration");
    if expiration.is_empty() {
        say(Severity::High, "that never expires");
    } else if let Some(expires) = bootstrap::expiration(expiration) {
        let left = expires - lint.settings.now.as_nanosecond();
        if left > 24 * 60 * 60 * 1_000_000_000 {
            say(Severity::High, "that is good for more than a day");
        }
    }
    said
}
