//! What lint looks at beside the policy. Nothing here stops a load: what has another form than expected is
//! not noted.

use super::{RBAC_GROUP, TypeMeta};
use crate::load::tree::{Tree, Value};
use crate::load::whole;
use crate::model::notes::{
    AccountNote, ClearToken, Exposed, KubeconfigToken, Note, Oddity, OddityKind, POD_SECURITY,
    PodSecurity, ProjectedToken, Workload,
};
use crate::model::{FileId, Position, Secret};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Annotations by which clouds give a service account an identity.
const CLOUD: [&str; 3] = [
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
];

/// How many texts of one object are searched for credentials, and how long one may be.
const TEXTS: usize = 2_000;
const LONGEST: usize = 1 << 20;

/// Where clients in a Pod look for their token.
const USUAL_PLACE: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// How long a kubeconfig inside another object may be.
const LONGEST_KUBECONFIG: usize = 1 << 18;

struct Noter<'t> {
    file: FileId,
    kind: &'t str,
    namespace: &'t str,
    implied: bool,
    name: &'t str,
    notes: Vec<Note>,
}

/// What is to be noted of an object.
pub fn notes(
    root: Value<'_>,
    meta: TypeMeta<'_>,
    file: FileId,
    implied_namespace: &str,
) -> Vec<Note> {
    let metadata = root.get("metadata");
    let text = |field: &str| {
        metadata
            .and_then(|m| m.get(field))
            .and_then(|v| v.as_str())
            .unwrap_or("")
    };
    let mut noter = Noter {
        file,
        kind: meta.kind,
        namespace: match text("namespace") {
            "" => implied_namespace,
            named => named,
        },
        implied: text("namespace").is_empty(),
        name: text("name"),
        notes: Vec::new(),
    };
    let (group, version) = meta.group_version();
    // What was applied to a Secret is the Secret once more; of others, what it holds stands there, too.
    for entry in at(root, &["metadata", "annotations"])
        .into_iter()
        .flat_map(|annotations| annotations.entries())
        .filter(|entry| entry.name != "kubectl.kubernetes.io/last-applied-configuration")
        .take(TEXTS)
    {
        noter.search(entry.value);
    }
    match (group, meta.kind) {
        (RBAC_GROUP, "Role" | "RoleBinding") => noter.policy(root, text("namespace"), true),
        (RBAC_GROUP, "ClusterRole" | "ClusterRoleBinding") => {
            noter.policy(root, text("namespace"), false)
        }
        ("authentication.k8s.io" | "authorization.k8s.io", kind)
            if kind.ends_with("Review") && version != "v1" =>
        {
            noter.oddity(OddityKind::OldReview, root);
        }
        ("", "Namespace") => noter.namespace(root),
        ("", "ServiceAccount") => noter.account(root),
        ("", "ConfigMap") => noter.config_map(root),
        ("", "Secret") => noter.secret(root),
        ("", "Config") => noter.kubeconfig(root, None),
        ("helm.toolkit.fluxcd.io", "HelmRelease")
        | ("helm.cattle.io", "HelmChart" | "HelmChartConfig")
        | ("argoproj.io", "Application") => noter.values(root.get("spec")),
        ("", "Service") => noter.service(root),
        ("", "Pod") => noter.workload(root, Some(root)),
        ("", "ReplicationController")
        | ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet")
        | ("batch", "Job") => {
            noter.workload(root, at(root, &["spec", "template"]));
        }
        ("batch", "CronJob") => {
            noter.workload(root, at(root, &["spec", "jobTemplate", "spec", "template"]));
        }
        _ => {}
    }
    noter.notes
}

/// The texts of a mapping.
fn pairs(mapping: Option<Value<'_>>) -> Vec<(String, String)> {
    let entries = mapping.into_iter().flat_map(|mapping| mapping.entries());
    let texts =
        entries.filter_map(|entry| Some((entry.name.to_owned(), entry.value.as_str()?.to_owned())));
    texts.take(TEXTS).collect()
}

fn at<'t>(value: Value<'t>, path: &[&str]) -> Option<Value<'t>> {
    path.iter().try_fold(value, |value, field| value.get(field))
}

impl Noter<'_> {
    fn position(&self, value: Value<'_>) -> Position {
        Position {
            file: self.file,
            line: value.line(),
            column: value.column(),
        }
    }

    fn object(&self) -> String {
        match self.kind.starts_with("Cluster") {
            true => format!("{}/{}", self.kind, self.name),
            false => format!("{}/{}/{}", self.kind, self.namespace, self.name),
        }
    }

    fn oddity(&mut self, kind: OddityKind, value: Value<'_>) {
        let oddity = Oddity {
            kind,
            object: self.object(),
            position: self.position(value),
        };
        self.notes.push(Note::Oddity(oddity));
    }

    fn namespace(&mut self, root: Value<'_>) {
        let level = at(root, &["metadata", "labels", POD_SECURITY]).and_then(|it| it.as_str());
        if let Some(level) = level.and_then(PodSecurity::parse) {
            let note = Note::PodSecurity(self.name.to_owned(), level);
            self.notes.push(note);
        }
    }

    fn policy(&mut self, root: Value<'_>, namespace: &str, namespaced: bool) {
        match (namespaced, namespace) {
            (true, "") => self.oddity(OddityKind::NamespaceMissing, root),
            (true, "default") => self.oddity(OddityKind::InDefault, root),
            (false, named) if !named.is_empty() => self.oddity(OddityKind::NamespaceIgnored, root),
            _ => {}
        }
        let subjects = root.get("subjects").into_iter().flat_map(|s| s.items());
        for subject in subjects {
            let text = |field: &str| subject.get(field).and_then(|v| v.as_str()).unwrap_or("");
            match (text("kind"), text("namespace").is_empty()) {
                ("User" | "Group", false) => {
                    self.oddity(OddityKind::SubjectNamespaceIgnored, subject);
                }
                ("ServiceAccount", true) if namespaced => {
                    self.oddity(OddityKind::SubjectNamespaceImplied, subject);
                }
                _ => {}
            }
        }
        let gathers = root
            .get("aggregationRule")
            .is_some_and(|rule| !rule.is_null());
        if let Some(rules) = root.get("rules")
            && gathers
            && rules.items().next().is_some()
        {
            self.oddity(OddityKind::RulesOverwritten, rules);
        }
        let annotation = at(
            root,
            &[
                "metadata",
                "annotations",
                "rbac.authorization.kubernetes.io/autoupdate",
            ],
        );
        if let Some(value) = annotation.filter(|value| value.as_str() == Some("false")) {
            self.oddity(OddityKind::AutoupdateOff, value);
        }
    }

    fn account(&mut self, root: Value<'_>) {
        // The controller of namespaces makes the default account of each.
        if self.namespace == "default" && !self.implied && self.name != "default" {
            self.oddity(OddityKind::InDefault, root);
        }
        if self.implied {
            self.oddity(OddityKind::NamespaceMissing, root);
        }
        let annotations = at(root, &["metadata", "annotations"]);
        let cloud = CLOUD
            .into_iter()
            .find(|key| annotations.is_some_and(|a| a.get(key).is_some()));
        let note = AccountNote {
            automount: root
                .get("automountServiceAccountToken")
                .and_then(|v| v.as_bool()),
            mountable: annotations
                .and_then(|a| a.get("kubernetes.io/enforce-mountable-secrets"))
                .filter(|value| value.as_str() == Some("true"))
                .map(|value| self.position(value)),
            listed: root
                .get("secrets")
                .into_iter()
                .flat_map(|list| list.items())
                .take(TEXTS)
                .find(|entry| {
                    let name = entry.get("name").and_then(|v| v.as_str()).unwrap_or("");
                    // Old servers list the token that they made.
                    let made = ["-token-", "-dockercfg-"];
                    !name.is_empty()
                        && !made
                            .iter()
                            .any(|word| name.starts_with(&format!("{}{word}", self.name)))
                })
                .map(|entry| self.position(entry)),
            cloud,
            position: self.position(root),
        };
        self.notes.push(Note::Account(
            self.namespace.to_owned(),
            self.name.to_owned(),
            note,
        ));
    }

    fn config_map(&mut self, root: Value<'_>) {
        let data = root.get("data").into_iter().flat_map(|data| data.entries());
        for entry in data.take(TEXTS) {
            self.search(entry.value);
            if self.namespace == "kube-system" && self.name == "aws-auth" {
                self.aws_auth(entry.key, entry.value.as_str().unwrap_or(""));
            }
        }
    }

    /// One list of EKS's map from identities of AWS to users and groups.
    fn aws_auth(&mut self, key: Value<'_>, text: &str) {
        let documents = match text.len() <= LONGEST_KUBECONFIG {
            true => whole::documents(text).unwrap_or_default(),
            false => Vec::new(),
        };
        let roots = documents.iter().filter_map(Tree::root);
        for entry in roots.flat_map(|root| root.items()).take(TEXTS) {
            let text = |field: &str| entry.get(field).and_then(|v| v.as_str()).unwrap_or("");
            let groups = entry
                .get("groups")
                .into_iter()
                .flat_map(|list| list.items());
            let groups: Vec<&str> = groups
                .take(TEXTS)
                .filter_map(|group| group.as_str())
                .collect();
            let kind = if groups.contains(&"system:masters") {
                OddityKind::AwsMasters
            } else if ["rolearn", "userarn"]
                .iter()
                .any(|arn| text(arn).contains('*'))
            {
                OddityKind::AwsPattern
            } else if groups.contains(&"system:nodes")
                && !text("username").starts_with("system:node:{{")
            {
                OddityKind::AwsNodes
            } else {
                continue;
            };
            self.oddity(kind, key);
        }
    }

    /// Every text of the values that a chart is given.
    fn values(&mut self, spec: Option<Value<'_>>) {
        let mut open: Vec<Value<'_>> = spec.into_iter().collect();
        let mut left = TEXTS;
        while let Some(value) = open.pop() {
            let Some(rest) = left.checked_sub(1) else {
                return;
            };
            left = rest;
            self.search(value);
            open.extend(value.items().take(TEXTS));
            open.extend(value.entries().take(TEXTS).map(|entry| entry.value));
        }
    }

    fn service(&mut self, root: Value<'_>) {
        let kind = at(root, &["spec", "type"]).and_then(|v| v.as_str());
        if !matches!(kind, Some("LoadBalancer" | "NodePort")) {
            return;
        }
        self.notes.push(Note::Exposed(Exposed {
            namespace: self.namespace.to_owned(),
            selector: pairs(at(root, &["spec", "selector"])),
        }));
    }

    fn workload(&mut self, root: Value<'_>, template: Option<Value<'_>>) {
        let Some((template, spec)) = template.and_then(|t| Some((t, t.get("spec")?))) else {
            return;
        };
        if template.line() != root.line() || template.column() != root.column() {
            let annotations = at(template, &["metadata", "annotations"]);
            for entry in annotations
                .into_iter()
                .flat_map(|a| a.entries())
                .take(TEXTS)
            {
                self.search(entry.value);
            }
        }
        let text = |field: &str| spec.get(field).and_then(|v| v.as_str()).unwrap_or("");
        let (new, old) = (text("serviceAccountName"), text("serviceAccount"));
        let account = [new, old, "default"]
            .into_iter()
            .find(|name| !name.is_empty());
        let flag = |field: &str| spec.get(field).and_then(|v| v.as_bool()) == Some(true);
        let mut on_host = flag("hostNetwork") || flag("hostPID") || flag("hostIPC");
        let mut mounts = Vec::new();
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            let containers = spec.get(list).into_iter().flat_map(|l| l.items());
            for container in containers.take(TEXTS) {
                let privileged = at(container, &["securityContext", "privileged"]);
                on_host |= privileged.and_then(|v| v.as_bool()) == Some(true);
                let mounted = container.get("volumeMounts").into_iter();
                for mount in mounted.flat_map(|list| list.items()).take(TEXTS) {
                    let text = |field: &str| mount.get(field).and_then(|v| v.as_str());
                    let place = text("mountPath").unwrap_or("").trim_end_matches('/');
                    mounts.push((text("name").unwrap_or(""), place == USUAL_PLACE));
                }
                let env = container.get("env").into_iter().flat_map(|e| e.items());
                let words = ["args", "command"]
                    .into_iter()
                    .filter_map(|field| container.get(field));
                let values = env.filter_map(|variable| variable.get("value"));
                for value in values
                    .chain(words.flat_map(|list| list.items()))
                    .take(TEXTS)
                {
                    self.search(value);
                }
            }
        }
        let mut tokens = Vec::new();
        let volumes = spec.get("volumes").into_iter().flat_map(|v| v.items());
        for volume in volumes.take(TEXTS) {
            on_host |= volume.get("hostPath").is_some();
            let sources = at(volume, &["projected", "sources"]);
            for source in sources.into_iter().flat_map(|s| s.items()).take(TEXTS) {
                let Some(token) = source.get("serviceAccountToken") else {
                    continue;
                };
                let text = |field: &str| token.get(field).and_then(|v| v.as_str()).unwrap_or("");
                let seconds = token.get("expirationSeconds").and_then(|v| v.as_number());
                tokens.push(ProjectedToken {
                    audience: text("audience").to_owned(),
                    expiration: seconds.and_then(|n| n.parse().ok()),
                    path: text("path").to_owned(),
                    at_usual_place: {
                        let name = volume.get("name").and_then(|v| v.as_str()).unwrap_or("");
                        let of_volume = mounts.iter().filter(|(of, _)| *of == name);
                        of_volume.map(|(_, usual)| *usual).reduce(|a, b| a && b)
                    },
                    position: self.position(token),
                });
            }
        }
        self.notes.push(Note::Workload(Workload {
            kind: self.kind.to_owned(),
            namespace: self.namespace.to_owned(),
            namespace_implied: self.implied,
            name: self.name.to_owned(),
            service_account: account.unwrap_or("default").to_owned(),
            names_account: account != Some("default"),
            labels: pairs(at(template, &["metadata", "labels"])),
            // The server fills each from the other.
            old_field: new.is_empty() && !old.is_empty(),
            automount: spec
                .get("automountServiceAccountToken")
                .and_then(|v| v.as_bool()),
            on_host,
            tokens,
            position: self.position(root),
        }));
    }

    /// The kubeconfigs in a Secret.
    fn secret(&mut self, root: Value<'_>) {
        let entries = |field| {
            let found = root.get(field).into_iter();
            found.flat_map(|data: Value<'_>| data.entries()).take(TEXTS)
        };
        for entry in entries("stringData") {
            if let Some(text) = entry.value.as_str() {
                self.embedded(text, entry.value);
            }
        }
        for entry in entries("data") {
            let text = entry.value.as_str().unwrap_or("");
            if text.len() > 2 * LONGEST_KUBECONFIG {
                continue;
            }
            let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
            if let Ok(bytes) = STANDARD.decode(text)
                && let Ok(text) = String::from_utf8(bytes)
            {
                self.embedded(&text, entry.value);
            }
        }
    }

    /// A kubeconfig that is the text of a value; whether it is one.
    fn embedded(&mut self, text: &str, value: Value<'_>) -> bool {
        let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        if text.len() > LONGEST_KUBECONFIG || !has("users") || !has("Config") {
            return false;
        }
        let Ok(documents) = whole::documents(text) else {
            return false;
        };
        let Some(root) = documents.first().and_then(Tree::root) else {
            return false;
        };
        let is = |field: &str, word: &str| root.get(field).and_then(|v| v.as_str()) == Some(word);
        let found = is("kind", "Config") && is("apiVersion", "v1");
        if found {
            self.kubeconfig(root, Some(self.position(value)));
        }
        found
    }

    /// The user entries of a kubeconfig: at their own places, or at that of the value that holds it.
    fn kubeconfig(&mut self, root: Value<'_>, within: Option<Position>) {
        let users = root.get("users").into_iter().flat_map(|list| list.items());
        for entry in users.take(TEXTS) {
            let Some(user) = entry.get("user") else {
                continue;
            };
            let text = |field: &str| {
                let value = user.get(field).and_then(|v| v.as_str());
                value.filter(|text| !text.is_empty() && text.len() <= LONGEST)
            };
            let token = text("token");
            let token_file = text("tokenFile");
            let others = ["client-key-data", "password"];
            let holds_secret = token.is_some() || others.iter().any(|field| text(field).is_some());
            if !holds_secret && token_file.is_none() {
                continue;
            }
            let note = KubeconfigToken {
                object: within.map_or_else(String::new, |_| self.object()),
                user: entry
                    .get("name")
                    .and_then(|v| v.as_str())
                    .unwrap_or("")
                    .to_owned(),
                token: token.map(|token| Secret::new(token.trim())),
                token_file: token_file.map(str::to_owned),
                holds_secret,
                position: within.unwrap_or_else(|| self.position(entry)),
            };
            self.notes.push(Note::Kubeconfig(note));
        }
    }

    fn search(&mut self, value: Value<'_>) {
        let Some(text) = value.as_str().filter(|text| text.len() <= LONGEST) else {
            return;
        };
        if let Some((what, expires, token)) = credential(text) {
            // What a kubeconfig holds is judged as such.
            let within = self.embedded(text, value);
            let token = ClearToken {
                object: self.object(),
                what,
                expires,
                token: token.filter(|_| !within).map(Secret::new),
                position: self.position(value),
            };
            self.notes.push(Note::Clear(token));
        }
    }
}

/// The first credential in a text: what it is, until when it is good, and itself if it is signed.
fn credential(text: &str) -> Option<(&'static str, Option<i64>, Option<&str>)> {
    if memchr::memmem::find(text.as_bytes(), b"PRIVATE KEY-----").is_some()
        && text.contains("-----BEGIN ")
    {
        return Some(("a private key", None, None));
    }
    let mut from = 0;
    // A text full of beginnings is not searched to its end.
    for _ in 0..100 {
        let Some(found) = memchr::memmem::find(&text.as_bytes()[from..], b"eyJ") else {
            break;
        };
        let start = from + found;
        let rest = &text[start..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .unwrap_or(rest.len());
        if let Some(expires) = jwt(&rest[..end]) {
            return Some(("a bearer token", expires, Some(&rest[..end])));
        }
        from = start + 3;
    }
    let words =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/')));
    words
        .take(10_000)
        .find(|word| is_bootstrap_token(word))
        .map(|_| ("a bootstrap token", None, None))
}

/// Whether a word is a whole signed token; then its `exp`, if it has one.
fn jwt(word: &str) -> Option<Option<i64>> {
    let mut parts = word.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || signature.is_empty() || payload.is_empty() {
        return None;
    }
    let object = |part: &str| -> Option<serde_json::Map<String, serde_json::Value>> {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    object(header)?.get("alg")?;
    Some(
        object(payload)?
            .get("exp")
            .and_then(serde_json::Value::as_i64),
    )
}

/// `[a-z0-9]{6}.[a-z0-9]{16}`, with a digit in the secret: words of a language have none.
fn is_bootstrap_token(word: &str) -> bool {
    let Some((id, secret)) = word.split_once('.') else {
        return false;
    };
    let good = |part: &str, length| {
        part.len() == length
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    good(id, 6) && good(secret, 16) && secret.bytes().filter(u8::is_ascii_digit).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_credentials_from_what_looks_like_them() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!(
            "{}.{}.c2ln",
            part(r#"{"alg":"RS256"}"#),
            part(r#"{"exp":1700000000}"#)
        );
        assert_eq!(
            credential(&format!("Bearer {token}\n")),
            Some(("a bearer token", Some(1_700_000_000), Some(&token[..])))
        );
        assert_eq!(
            credential("x abcdef.0123456789abcdef"),
            Some(("a bootstrap token", None, None))
        );
        // The signature of cluster-info is a detached one.
        let detached = format!("{}..c2ln", part(r#"{"alg":"HS256"}"#));
        for harmless in [
            &*detached,
            "eyJ.eyJ.eyJ",
            "server.internalhostnames",
            "kube.abcdef.0123456789abcdef",
        ] {
            assert_eq!(credential(harmless), None, "{harmless}");
        }
    }
}
