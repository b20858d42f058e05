//! What lint looks at beside the policy: workloads, how service accounts are used, credentials in the wrong
//! place, and what of an object the server ignores. No decision depends on any of it.

use super::{Position, Secret};
use std::collections::BTreeMap;

/// A workload: a Pod, or what makes Pods.
#[derive(Clone, Debug, Default)]
pub struct Workload {
    /// The kind.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// Whether the manifest leaves the namespace to whoever applies it.
    pub namespace_implied: bool,
    /// The name.
    pub name: String,
    /// The service account; `default` where none is named.
    pub service_account: String,
    /// Whether it names an account.
    pub names_account: bool,
    /// The labels of its Pods.
    pub labels: Vec<(String, String)>,
    /// Whether the account is named by the old field alone.
    pub old_field: bool,
    /// `automountServiceAccountToken`.
    pub automount: Option<bool>,
    /// Whether a container is privileged or shares something of its node.
    pub on_host: bool,
    /// Projected service account tokens.
    pub tokens: Vec<ProjectedToken>,
    /// Where it begins.
    pub position: Position,
}

/// A `serviceAccountToken` of a projected volume.
#[derive(Clone, Debug, Default)]
pub struct ProjectedToken {
    /// The audience; empty for the API server's own.
    pub audience: String,
    /// `expirationSeconds`.
    pub expiration: Option<i64>,
    /// The file.
    pub path: String,
    /// Whether a container mounts it where clients look for the usual token; `None` if none mounts it.
    pub at_usual_place: Option<bool>,
    /// Where it stands.
    pub position: Position,
}

/// How a ServiceAccount is set up.
#[derive(Clone, Debug, Default)]
pub struct AccountNote {
    /// `automountServiceAccountToken`.
    pub automount: Option<bool>,
    /// The annotation that lets its Pods mount only the Secrets that it lists.
    pub mountable: Option<Position>,
    /// A Secret in its list that no server put there.
    pub listed: Option<Position>,
    /// The annotation that gives it a cloud identity.
    pub cloud: Option<&'static str>,
    /// Where it begins.
    pub position: Position,
}

/// A credential where everybody reads it.
#[derive(Clone, Debug)]
pub struct ClearToken {
    /// The object, as `KIND/NAMESPACE/NAME`.
    pub object: String,
    /// What it is.
    pub what: &'static str,
    /// Until when it is good, where it says so.
    pub expires: Option<i64>,
    /// The token, if it is a signed one: for what it says of itself.
    pub token: Option<Secret>,
    /// Where it stands.
    pub position: Position,
}

/// A user entry of a kubeconfig that holds a token: in a file of its own, a Secret or a ConfigMap.
#[derive(Clone, Debug)]
pub struct KubeconfigToken {
    /// The object that holds the kubeconfig, as `KIND/NAMESPACE/NAME`; empty where it is a file of its own.
    pub object: String,
    /// The name of the user entry.
    pub user: String,
    /// `token`.
    pub token: Option<Secret>,
    /// `tokenFile`, as it is written: clients read it and not `token`.
    pub token_file: Option<String>,
    /// Whether the entry holds a secret of any kind: then its file is to be read by its owner alone.
    pub holds_secret: bool,
    /// Where the entry stands.
    pub position: Position,
}

/// A Service that is reached from outside the cluster.
#[derive(Clone, Debug)]
pub struct Exposed {
    /// Its namespace.
    pub namespace: String,
    /// Its selector.
    pub selector: Vec<(String, String)>,
}

impl Exposed {
    /// Whether it leads to the Pods of a workload.
    pub fn leads_to(&self, workload: &Workload) -> bool {
        let mut selector = self.selector.iter();
        self.namespace == workload.namespace
            && !self.selector.is_empty()
            && selector.all(|label| workload.labels.contains(label))
    }
}

/// What of an object the server ignores, or fills in by what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddityKind {
    /// A namespaced object without namespace.
    NamespaceMissing,
    /// A cluster-scoped object with a namespace.
    NamespaceIgnored,
    /// A User or Group with a namespace.
    SubjectNamespaceIgnored,
    /// A ServiceAccount as subject of a RoleBinding that names no namespace.
    SubjectNamespaceImplied,
    /// A review of a version that the server does not serve.
    OldReview,
    /// Rules beside an aggregationRule.
    RulesOverwritten,
    /// A default object that is not to be updated.
    AutoupdateOff,
    /// An object that names the namespace `default`.
    InDefault,
    /// An entry of aws-auth that maps to system:masters.
    AwsMasters,
    /// An entry of aws-auth that names its identities by a pattern.
    AwsPattern,
    /// An entry of aws-auth that maps to system:nodes what is not named as nodes are.
    AwsNodes,
}

/// An oddity and where it stands.
#[derive(Clone, Debug)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// The object, as `KIND/NAMESPACE/NAME`.
    pub object: String,
    /// Where it stands.
    pub position: Position,
}

/// A note of the loader.
#[derive(Clone, Debug)]
pub enum Note {
    /// A workload.
    Workload(Workload),
    /// A ServiceAccount, by namespace and name.
    Account(String, String, AccountNote),
    /// A credential in the clear.
    Clear(ClearToken),
    /// A user entry of a kubeconfig.
    Kubeconfig(KubeconfigToken),
    /// A Service that is reached from outside.
    Exposed(Exposed),
    /// A Namespace, by name, that says which Pods it takes.
    PodSecurity(String, PodSecurity),
    /// An oddity.
    Oddity(Oddity),
}

/// The label of a Namespace that says which Pods it takes.
pub const POD_SECURITY: &str = "pod-security.kubernetes.io/enforce";

/// What a Namespace enforces of its Pods (docs page "Pod Security Standards").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodSecurity {
    /// Nothing.
    Privileged,
    /// No known way to more privileges.
    Baseline,
    /// What is held to be good practice.
    Restricted,
}

impl PodSecurity {
    /// The level of a label's value.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "privileged" => Some(PodSecurity::Privileged),
            "baseline" => Some(PodSecurity::Baseline),
            "restricted" => Some(PodSecurity::Restricted),
            _ => None,
        }
    }
}

/// All notes.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The workloads, in the order of loading.
    pub workloads: Vec<Workload>,
    /// The service accounts by namespace and name.
    pub accounts: BTreeMap<(String, String), AccountNote>,
    /// Credentials in the clear.
    pub clear: Vec<ClearToken>,
    /// User entries of kubeconfigs.
    pub kubeconfigs: Vec<KubeconfigToken>,
    /// Services that are reached from outside.
    pub exposed: Vec<Exposed>,
    /// What the server ignores.
    pub oddities: Vec<Oddity>,
    /// What namespaces enforce, by name.
    pub pod_security: BTreeMap<String, PodSecurity>,
}

impl Notes {
    /// Adds a note.
    pub fn add(&mut self, note: Note) {
        match note {
            Note::Workload(workload) => self.workloads.push(workload),
            Note::Account(namespace, name, account) => {
                self.accounts.insert((namespace, name), account);
            }
            Note::Clear(token) => self.clear.push(token),
            Note::Exposed(service) => self.exposed.push(service),
            Note::PodSecurity(namespace, level) => {
                self.pod_security.insert(namespace, level);
            }
            Note::Kubeconfig(entry) => self.kubeconfigs.push(entry),
            Note::Oddity(oddity) => self.oddities.push(oddity),
        }
    }
}
