//! Requests that are asked about beside those of the rules.

/// Requests that checks ask about beside those of the tables.
pub(in crate::lint) const EXTRA: &[&str] = &[
    "get,list,watch secrets",
    "get secrets",
    "create pods",
    "create,update,patch rbac:rolebindings,clusterrolebindings",
    "update,patch certificates:certificatesigningrequests/approval",
    "update,patch certificates:certificatesigningrequests/status",
    "update,patch nodes",
    "get,list,watch nodes",
    "impersonate users,serviceaccounts",
    "impersonate users",
    "impersonate groups",
    "create,update,patch rbac:roles,clusterroles",
    "update,patch,delete rbac:roles,clusterroles",
    "update,patch,delete rbac:rolebindings,clusterrolebindings",
    "create serviceaccounts",
    "get pods",
    "get pods/exec",
    "get pods/attach",
    "get pods/portforward",
    "create pods/attach",
    "create pods/portforward",
    "get configmaps",
    "update,patch configmaps",
    "create,update,patch rbac:rolebindings",
    "bind rbac:clusterroles",
    "escalate rbac:clusterroles",
    "escalate rbac:roles",
    "create,update,patch rbac:clusterroles",
    "create,update,patch rbac:roles",
    "update,patch certificates:podcertificaterequests/status",
    "create,update,patch certificates:clustertrustbundles",
    "approve certificates:signers",
    "sign certificates:signers",
    "attest certificates:signers",
    "impersonate serviceaccounts",
    "bind rbac:clusterroles,roles",
    "get,list,watch,create,update,patch,delete,deletecollection *:*",
];

/// With the feature gate off that asks for `create`, a GET that upgrades to a WebSocket does the same.
pub(in crate::lint) const UPGRADES: [(&str, &str); 3] = [
    ("create pods/exec", "get pods/exec"),
    ("create pods/attach", "get pods/attach"),
    ("create pods/portforward", "get pods/portforward"),
];
