//! What the handler behind the filters answers, as far as path, stored objects and body tell.
//!
//! What is loaded counts as all that the server stores. What depends on a kubelet, a backend or on admission
//! is not told: such a request passes.

use super::{Answer, Asked, Body, Component, Serving, Stage, is_self_subject_review};
use crate::answer::status::{Status, StatusDetails};
use crate::authn::aggregate;
use crate::load::go_json;
use crate::model::api_resources::ApiResource;
use crate::model::{Attributes, Cluster, RoleKind};
use crate::request::{HttpRequest, RequestInfo, Target};

/// A request on its last stage.
struct Handler<'h, 'c> {
    serving: &'h Serving<'h, 'c>,
    request: &'h HttpRequest<'h>,
    target: &'h Target<'h>,
    info: &'h RequestInfo<'h>,
    asked: &'h Asked<'h>,
}

/// What is answered.
enum Handled {
    /// Content with this code.
    Code(u16),
    /// Plain text with this code.
    Text(u16, String),
    /// A Status.
    Status(Box<Status>),
    /// It depends on something else; on what.
    Depends(String),
}

pub(super) fn handle<'r>(
    serving: &Serving<'_, '_>,
    mut answer: Answer<'r>,
    request: &HttpRequest<'_>,
    target: &Target<'_>,
    info: &RequestInfo<'_>,
    asked: &Asked<'_>,
) -> Answer<'r> {
    let handler = Handler {
        serving,
        request,
        target,
        info,
        asked,
    };
    let handled = match (serving.component, info.is_resource) {
        (Component::ControllerManager, _) => handler.controller_manager(),
        (Component::ApiServer, true) => handler.resource(&answer),
        (Component::ApiServer, false) => handler.path(),
    };
    match handled {
        Handled::Code(code) => {
            answer.code = Some(code);
            answer
        }
        Handled::Text(code, text) => answer.ends(Stage::Handler, code, Body::Text(text)),
        // The last check of exec, attach and portforward is one of authorization.
        Handled::Status(status) if status.code == 403 => {
            answer.status(Stage::Authorization, *status)
        }
        Handled::Status(status) => answer.status(Stage::Handler, *status),
        Handled::Depends(why) => {
            answer.unknown = Some(why);
            answer
        }
    }
}

fn page_not_found() -> Handled {
    Handled::Text(404, "404 page not found\n".to_owned())
}

/// A Status that is about no object (`apierrors.NewGenericServerResponse`).
fn generic(code: u16, reason: &'static str, message: &str) -> Handled {
    let mut status = Status::failure(code, reason, message.to_owned());
    status.details = Some(StatusDetails::default());
    Handled::Status(Box::new(status))
}

fn no_route() -> Handled {
    let message = "the server could not find the requested resource";
    generic(404, "NotFound", message)
}

fn wrong_method() -> Handled {
    let message = "the server does not allow this method on the requested resource";
    generic(405, "MethodNotAllowed", message)
}

fn bad_request(message: String) -> Handled {
    Handled::Status(Box::new(Status::bad_request(message)))
}

impl Handler<'_, '_> {
    fn reads(&self) -> bool {
        matches!(self.request.method, "GET" | "HEAD")
    }

    /// A path that is no resource, of the API server.
    fn path(&self) -> Handled {
        let path = &*self.info.path;
        let resources = self.serving.cluster().api_resources();
        let discovery = || match self.reads() {
            true => Handled::Code(200),
            false => wrong_method(),
        };
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (path, &parts[..]) {
            ("/", _) | (_, ["version"] | ["api"] | ["api", "v1"] | ["apis"]) => discovery(),
            (_, ["apis", group, rest @ ..]) if rest.len() <= 1 => {
                let mut groups = resources.groups();
                let found = groups.find(|known| known.name() == *group && !group.is_empty());
                let versions = found.map(|found| found.versions());
                let served = versions.is_some_and(|mut versions| {
                    rest.is_empty() || versions.any(|version| Some(&version.name()) == rest.first())
                });
                match served {
                    true => discovery(),
                    false => page_not_found(),
                }
            }
            ("/healthz" | "/livez" | "/readyz", _) => match self.target.query {
                "" => Handled::Text(200, "ok".to_owned()),
                _ => Handled::Code(200),
            },
            (
                "/metrics"
                | "/metrics/slis"
                | "/openapi/v2"
                | "/openapi/v3"
                | "/.well-known/openid-configuration"
                | "/openid/v1/jwks",
                _,
            ) => Handled::Code(200),
            (_, ["openapi", "v3", ..] | ["healthz" | "livez" | "readyz", _, ..]) => {
                Handled::Code(200)
            }
            (_, ["debug", "pprof", ..]) => Handled::Code(200),
            _ => page_not_found(),
        }
    }

    /// A path of the controller manager.
    fn controller_manager(&self) -> Handled {
        match &*self.info.path {
            "/healthz" => match self.target.query {
                "" => Handled::Text(200, "ok".to_owned()),
                _ => Handled::Code(200),
            },
            "/metrics" | "/metrics/slis" | "/configz" => Handled::Code(200),
            "/flagz" | "/statusz" => match self.accepts_text() {
                true => Handled::Code(200),
                false => Handled::Status(Box::new(Status::failure(
                    406,
                    "NotAcceptable",
                    "only the following media types are accepted: application/json, application/yaml, text/plain"
                        .to_owned(),
                ))),
            },
            path if path.starts_with("/debug/pprof/") => Handled::Code(200),
            _ => page_not_found(),
        }
    }

    /// Structured forms of these pages are named with group and version; anything else is text.
    fn accepts_text(&self) -> bool {
        let accept = self.request.headers.first("Accept");
        accept.contains("text/plain") || accept.contains("g=config.k8s.io")
    }

    /// A resource of the API.
    fn resource(&self, answer: &Answer<'_>) -> Handled {
        let info = self.info;
        let resources = self.serving.cluster().api_resources();
        let mut groups = resources.groups();
        let group = groups.find(|group| group.name() == info.group);
        let served = group.is_some_and(|g| g.versions().any(|v| v.name() == info.version));
        if !served {
            return page_not_found();
        }
        let Some(resource) = resources.find_version(&info.group, &info.version, &info.resource)
        else {
            return no_route();
        };
        let subresource = &*info.subresource;
        let verbs = match subresource {
            "" => resource.verbs(),
            name => match resource.subresources().find(|s| s.name == name) {
                Some(found) => found.verbs,
                None => return no_route(),
            },
        };
        let in_namespace = !info.namespace.is_empty() && &*info.resource != "namespaces";
        if in_namespace != resource.namespaced() {
            let everywhere = resource.namespaced() && info.name.is_empty();
            match (everywhere, &*info.verb) {
                (true, "list" | "watch") => {}
                (true, _) => return wrong_method(),
                (false, _) => return no_route(),
            }
        }
        match &*info.verb {
            "proxy" => return no_route(),
            "create" if !info.name.is_empty() && subresource.is_empty() => return wrong_method(),
            "update" | "patch" if info.name.is_empty() => return wrong_method(),
            _ => {}
        }
        if subresource.is_empty() && !verbs.contains(&&*info.verb) {
            return wrong_method();
        }
        match (subresource, &*info.resource, &*info.group) {
            ("exec" | "attach" | "portforward", "pods", "") => self.connect(answer, resource),
            ("proxy", _, "") => {
                Handled::Depends("what answers is the backend that it is passed on to".to_owned())
            }
            ("log", "pods", "") => self.log(resource),
            _ => self.object(resource, verbs),
        }
    }

    /// Reading and writing objects.
    fn object(&self, resource: ApiResource<'_>, verbs: &[&str]) -> Handled {
        let info = self.info;
        let verb = match (&*info.verb, &*info.subresource) {
            ("", _) => return wrong_method(),
            (verb, "") => verb,
            (verb, _) if verbs.contains(&verb) => verb,
            _ => return wrong_method(),
        };
        let kind = match &*info.subresource {
            "" => resource.kind(),
            name => match resource.subresources().find(|s| s.name == name) {
                Some(found) => found.kind,
                None => return no_route(),
            },
        };
        match verb {
            "list" | "watch" | "deletecollection" => Handled::Code(200),
            "get" | "delete" => self.found(resource).unwrap_or(Handled::Code(200)),
            "create" => {
                if self.request.body.is_empty() && is_self_subject_review(&info.request()) {
                    return Handled::Code(201);
                }
                self.body_error(kind).unwrap_or(Handled::Code(201))
            }
            "update" => self
                .body_error(kind)
                .or_else(|| self.found(resource))
                .unwrap_or(Handled::Code(200)),
            "patch" => {
                let given = self.media_type();
                let taken = [
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json",
                    "application/apply-patch+yaml",
                ];
                match taken.contains(&&*given) {
                    false => generic(415, "UnsupportedMediaType", "415: Unsupported Media Type"),
                    // An apply patch creates what is not there.
                    true if given.ends_with("yaml") => Handled::Code(200),
                    true => self.found(resource).unwrap_or(Handled::Code(200)),
                }
            }
            _ => wrong_method(),
        }
    }

    fn media_type(&self) -> String {
        let given = self.request.headers.first("Content-Type");
        let media = given.split(';').next().unwrap_or_default();
        media.trim().to_ascii_lowercase()
    }

    /// What is wrong with a body that should be an object of a kind.
    fn body_error(&self, kind: &str) -> Option<Handled> {
        match &*self.media_type() {
            "" | "application/json" => {}
            "application/yaml" | "application/vnd.kubernetes.protobuf" => return None,
            _ => {
                let message = "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf";
                return Some(generic(415, "UnsupportedMediaType", message));
            }
        }
        let body = self.request.body;
        let error = go_json::complaint(body)?;
        Some(bad_request(format!(
            "the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {error} ({})",
            summary(body)
        )))
    }

    /// The 404 of an object that is not there.
    fn found(&self, resource: ApiResource<'_>) -> Option<Handled> {
        let info = self.info;
        let namespace = resource.namespaced().then_some(&*info.namespace);
        match exists(self.serving.cluster(), resource, namespace, &info.name) {
            true => None,
            false => Some(self.not_found(&info.group, &info.resource, &info.name)),
        }
    }

    fn not_found(&self, group: &str, resource: &str, name: &str) -> Handled {
        Handled::Status(Box::new(Status::not_found(group, resource, name)))
    }

    /// Streams to a Pod: `create` must be allowed behind whatever verb the method made (`ensureAuthorizedForVerb`).
    fn connect(&self, answer: &Answer<'_>, resource: ApiResource<'_>) -> Handled {
        let info = self.info;
        if !matches!(&*info.verb, "get" | "create") {
            return wrong_method();
        }
        if self.serving.gates.pod_create_permission
            && info.verb != "create"
            && let Some(user) = answer.effective()
        {
            let asked = self.asked.by(user);
            let request = asked.request.with_verb("create");
            let attributes = Attributes { request, ..asked };
            let chain = self.serving.chain;
            let verdict = chain.decide(&attributes);
            let errors: Vec<String> = verdict.errors().cloned().collect();
            if !verdict.allowed() && !verdict.refused() {
                let mut why = String::new();
                chain.write_unknown(&verdict, &mut why);
                return Handled::Depends(why.trim_start_matches("unknown: ").to_owned());
            }
            if let Some(error) = aggregate(&errors).filter(|_| !verdict.allowed()) {
                return Handled::Status(Box::new(Status::failure(500, "", error)));
            }
            if !verdict.allowed() {
                let mut reason = String::new();
                chain.write_reason(&attributes, &verdict, &mut reason);
                let status = Status::forbidden(&info.group, &info.resource, &info.name, &reason);
                return Handled::Status(Box::new(status));
            }
        }
        match self.found(resource) {
            Some(missing) => missing,
            None => {
                Handled::Depends("what answers is the kubelet that it is passed on to".to_owned())
            }
        }
    }

    /// The log of a Pod, which its kubelet has.
    fn log(&self, resource: ApiResource<'_>) -> Handled {
        let info = self.info;
        if let Some(missing) = self.found(resource) {
            return missing;
        }
        let objects = self.serving.cluster().core_objects();
        let pod = objects.pod(&info.namespace, &info.name);
        let node = pod.map_or("", |pod| &pod.node_name);
        match objects.node(node) {
            Some(node) if !node.addressed => {
                let message = "no preferred addresses found; known addresses: []";
                Handled::Status(Box::new(Status::failure(500, "", message.to_owned())))
            }
            _ => Handled::Depends("what answers is the kubelet that has the log".to_owned()),
        }
    }
}

/// The first bytes of a body that could not be read (`summarizeData`).
fn summary(body: &[u8]) -> String {
    const LENGTH: usize = 30;
    let (shown, more) = match body.len() > LENGTH {
        true => (&body[..LENGTH], " ..."),
        false => (body, ""),
    };
    match body.first() {
        None => "<empty>".to_owned(),
        Some(b'{') => format!("{}{more}", String::from_utf8_lossy(shown)),
        Some(_) => {
            let digits: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{digits}{more}")
        }
    }
}

/// Whether an object is stored; without a namespace it is one of the whole cluster.
fn exists(
    cluster: &Cluster,
    resource: ApiResource<'_>,
    namespace: Option<&str>,
    name: &str,
) -> bool {
    let role = |kind: RoleKind| {
        cluster.roles().iter().any(|role| {
            role.kind == kind
                && cluster.str(role.name) == name
                && namespace.is_none_or(|namespace| cluster.str(role.namespace) == namespace)
        })
    };
    let binding = |kind| {
        cluster.bindings().iter().any(|binding| {
            binding.kind == kind
                && cluster.str(binding.name) == name
                && namespace.is_none_or(|namespace| cluster.str(binding.namespace) == namespace)
        })
    };
    let objects = cluster.core_objects();
    let in_namespace = namespace.unwrap_or_default();
    use crate::model::BindingKind;
    match (resource.group, resource.kind()) {
        ("", "Namespace") => {
            matches!(
                name,
                "default" | "kube-system" | "kube-public" | "kube-node-lease"
            ) || cluster
                .interner()
                .get(name)
                .is_some_and(|name| cluster.namespaces().contains_key(&name))
        }
        ("", "ServiceAccount") => objects.service_account(in_namespace, name).is_some(),
        ("", "Secret") => objects.secret(in_namespace, name).is_some(),
        ("", "Pod") => objects.pod(in_namespace, name).is_some(),
        ("", "Node") => objects.node(name).is_some(),
        ("rbac.authorization.k8s.io", "Role") => role(RoleKind::Role),
        ("rbac.authorization.k8s.io", "ClusterRole") => role(RoleKind::ClusterRole),
        ("rbac.authorization.k8s.io", "RoleBinding") => binding(BindingKind::RoleBinding),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => {
            binding(BindingKind::ClusterRoleBinding)
        }
        (group, kind) => cluster.other_objects().has(group, kind, namespace, name),
    }
}
