//! What the `token` subresource of a ServiceAccount answers to a TokenRequest: the refusal, or the claims of
//! the token. The token itself is not made: that takes the server's private key.

use super::status::{Status, StatusDetails};
use crate::authn::service_account::{EXTENDED_SECONDS, WARN_ONLY_SECONDS};
use crate::model::core_objects::ObjectIdentity;
use crate::model::{BadValue, Cluster, FieldError, Quoted, names};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

const GROUP: &str = "authentication.k8s.io";
const KIND: &str = "TokenRequest";

/// The server's flags about the tokens that it makes.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    /// The first `--service-account-issuer`.
    pub issuer: String,
    /// `--api-audiences`, or what it is by default.
    pub api_audiences: Vec<String>,
    /// `--service-account-extend-token-expiration`
    pub extend_expiration: bool,
    /// `--service-account-max-token-expiration` in seconds.
    pub max_expiration: Option<i64>,
}

/// A request that is granted.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Granted {
    /// The spec as the server fills it in.
    pub spec: Spec,
    /// `status.expirationTimestamp`
    pub expiration_timestamp: String,
    /// The claims of the token, without `jti`, which is random.
    pub claims: Value,
    /// The values of the `Warning` headers.
    pub warnings: Vec<String>,
}

/// `spec` of a TokenRequest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// For whom the token is.
    pub audiences: Vec<String>,
    /// How long it lasts.
    pub expiration_seconds: i64,
    /// With which object it ends.
    pub bound_object_ref: Option<BoundObjectRef>,
}

/// The object that a token is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct BoundObjectRef {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
}

/// What counts of the request's body.
#[derive(Debug, Default)]
struct Request {
    name: String,
    namespace: String,
    uid: String,
    spec: Spec,
}

/// Answers a TokenRequest for a ServiceAccount, as its URL names it.
///
/// # Errors
/// The server's refusal.
pub fn answer(
    issuer: &TokenIssuer,
    cluster: &Cluster,
    (namespace, name): (&str, &str),
    body: &Value,
    now: Timestamp,
) -> Result<Granted, Box<Status>> {
    let mut request = Request::read(body)?;
    if !request.namespace.is_empty() && request.namespace != namespace {
        let text =
            "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Box::new(Status::bad_request(text)));
    }
    if !request.name.is_empty() && request.name != name {
        let detail = "must match the service account name if specified";
        let error = FieldError::invalid("metadata.name", request.name.as_str(), detail);
        return Err(Box::new(Status::invalid(GROUP, KIND, name, &[error])));
    }
    let objects = cluster.core_objects();
    let Some(account) = objects.service_account(namespace, name) else {
        return Err(not_found("serviceaccounts", name));
    };
    if !request.uid.is_empty() && request.uid != account.uid {
        let why = format!(
            "the UID in the token request ({}) does not match the UID of the service account ({})",
            request.uid, account.uid
        );
        return Err(conflict(GROUP, KIND, name, &why));
    }
    let spec = &mut request.spec;
    if spec.audiences.is_empty() {
        spec.audiences.clone_from(&issuer.api_audiences);
    }
    check_expiration(spec.expiration_seconds)?;

    let mut claims = Map::new();
    let mut is_pod = false;
    if let Some(bound) = &spec.bound_object_ref {
        is_pod = bind(cluster, namespace, name, bound, &mut claims)?;
    }
    let mut warnings = Vec::new();
    if let Some(most) = issuer.max_expiration.filter(|most| *most > 0)
        && spec.expiration_seconds > most
    {
        let asked = spec.expiration_seconds;
        warnings.push(format!(
            "requested expiration of {asked} seconds shortened to {most} seconds"
        ));
        spec.expiration_seconds = most;
    }
    let issued = now.as_nanosecond().div_euclid(1_000_000_000) as i64;
    let mut lifetime = spec.expiration_seconds;
    let ours = |audience| issuer.api_audiences.contains(audience);
    if issuer.extend_expiration
        && is_pod
        && lifetime == WARN_ONLY_SECONDS
        && spec.audiences.iter().all(ours)
    {
        claims.insert("warnafter".to_owned(), json!(issued + lifetime));
        lifetime = EXTENDED_SECONDS;
    }
    claims.insert("namespace".to_owned(), json!(namespace));
    claims.insert("serviceaccount".to_owned(), reference(name, &account.uid));
    let expires =
        Timestamp::from_second(issued + spec.expiration_seconds).unwrap_or(Timestamp::MAX);
    Ok(Granted {
        expiration_timestamp: expires.to_string(),
        claims: json!({
            "aud": spec.audiences,
            "exp": issued + lifetime,
            "iat": issued,
            "iss": issuer.issuer,
            "kubernetes.io": claims,
            "nbf": issued,
            "sub": format!("system:serviceaccount:{namespace}:{name}"),
        }),
        spec: request.spec,
        warnings,
    })
}

fn check_expiration(seconds: i64) -> Result<(), Box<Status>> {
    let detail = match seconds {
        ..600 => "may not specify a duration less than 10 minutes",
        4_294_967_297.. => "may not specify a duration larger than 2^32 seconds",
        _ => return Ok(()),
    };
    let value = BadValue::json(&seconds);
    let error = FieldError::invalid("spec.expirationSeconds", value, detail);
    Err(Box::new(Status::invalid(GROUP, KIND, "", &[error])))
}

/// Adds the claims about the object that the token is bound to; whether it is a Pod.
fn bind(
    cluster: &Cluster,
    namespace: &str,
    account: &str,
    bound: &BoundObjectRef,
    claims: &mut Map<String, Value>,
) -> Result<bool, Box<Status>> {
    let objects = cluster.core_objects();
    let (group, version) = match bound.api_version.split_once('/') {
        Some((_, rest)) if rest.contains('/') => ("", ""),
        Some((group, version)) => (group, version),
        None => ("", bound.api_version.as_str()),
    };
    let kind = match (group, bound.kind.as_str()) {
        ("", kind @ ("Pod" | "Node" | "Secret")) => kind,
        (_, kind) => {
            return Err(Box::new(Status::bad_request(format!(
                "cannot bind token to object of type {group}/{version}, Kind={kind}"
            ))));
        }
    };
    let name = bound.name.as_str();
    let bad_name = names::path_segment_errors(name);
    if name.is_empty() {
        return Err(Box::new(Status::bad_request("Name parameter required.")));
    } else if !bad_name.is_empty() {
        return Err(Box::new(Status::bad_request(format!(
            "Name parameter invalid: {}: {}",
            Quoted(name),
            bad_name.join(";")
        ))));
    }
    let mut claim = |key: &str, object: Value| claims.insert(key.to_owned(), object);
    let identity: &ObjectIdentity = match kind {
        "Pod" => {
            let pod = objects
                .pod(namespace, name)
                .ok_or_else(|| not_found("pods", name))?;
            if pod.service_account_name != account {
                return Err(Box::new(Status::bad_request(format!(
                    "cannot bind token for serviceaccount {} to pod running with different serviceaccount name.",
                    Quoted(account)
                ))));
            }
            claim("pod", reference(name, &pod.identity.uid));
            if !pod.node_name.is_empty() {
                let node = objects.node(&pod.node_name);
                let uid = node.map_or("", |node| &node.uid);
                claim("node", reference(&pod.node_name, uid));
            }
            &pod.identity
        }
        "Node" => {
            let node = objects.node(name).ok_or_else(|| not_found("nodes", name))?;
            claim("node", reference(name, &node.uid));
            node
        }
        _ => {
            let secret = objects
                .secret(namespace, name)
                .ok_or_else(|| not_found("secrets", name))?;
            claim("secret", reference(name, &secret.identity.uid));
            &secret.identity
        }
    };
    if !bound.uid.is_empty() && bound.uid != identity.uid {
        let why = format!(
            "the UID in the bound object reference ({}) does not match the UID in record. The object might have been deleted and then recreated",
            bound.uid
        );
        return Err(conflict("", kind, name, &why));
    }
    Ok(kind == "Pod")
}

/// An object as claims name it; what is empty is left out.
fn reference(name: &str, uid: &str) -> Value {
    let mut out = Map::new();
    for (key, text) in [("name", name), ("uid", uid)] {
        if !text.is_empty() {
            out.insert(key.to_owned(), json!(text));
        }
    }
    Value::Object(out)
}

/// 404, as `errors.NewNotFound` makes it of a resource of the core group.
fn not_found(resource: &str, name: &str) -> Box<Status> {
    let message = format!("{resource} {} not found", Quoted(name));
    let mut status = Status::failure(404, "NotFound", message);
    status.details = Some(StatusDetails {
        name: name.to_owned(),
        kind: resource.to_owned(),
        ..StatusDetails::default()
    });
    Box::new(status)
}

/// 409, as `errors.NewConflict` makes it.
fn conflict(group: &str, kind: &str, name: &str, why: &str) -> Box<Status> {
    let dot = if group.is_empty() { "" } else { "." };
    let message = format!(
        "Operation cannot be fulfilled on {kind}{dot}{group} {}: {why}",
        Quoted(name)
    );
    let mut status = Status::failure(409, "Conflict", message);
    status.details = Some(StatusDetails {
        name: name.to_owned(),
        group: group.to_owned(),
        kind: kind.to_owned(),
        ..StatusDetails::default()
    });
    Box::new(status)
}

impl Request {
    fn read(body: &Value) -> Result<Request, Box<Status>> {
        let mut request = Request::default();
        request.fill(body).map_err(|text| {
            Box::new(Status::bad_request(format!(
                "{KIND} in version \"v1\" cannot be handled as a {KIND}: {text}"
            )))
        })?;
        Ok(request)
    }

    fn fill(&mut self, body: &Value) -> Result<(), String> {
        const AT: Place = Place("", "");
        if !body.is_object() {
            return Err(format!(
                "json: cannot unmarshal {} into Go value of type v1.{KIND}",
                go_kind(body)
            ));
        }
        for (field, expected) in [("kind", KIND), ("apiVersion", "authentication.k8s.io/v1")] {
            let found = Place("TypeMeta", "").string(body, field)?;
            if !found.is_empty() && found != expected {
                return Err(format!("{field} is {found:?}, expected {expected:?}"));
            }
        }
        if let Some(metadata) = AT.object(body, "metadata", KIND, "v1.ObjectMeta")? {
            let at = Place("ObjectMeta", "metadata.");
            self.name = at.string(metadata, "name")?;
            self.namespace = at.string(metadata, "namespace")?;
            self.uid = at.string(metadata, "uid")?;
        }
        self.spec.expiration_seconds = 3600;
        let Some(spec) = AT.object(body, "spec", KIND, "v1.TokenRequestSpec")? else {
            return Ok(());
        };
        let at = Place("TokenRequestSpec", "spec.");
        match &spec["audiences"] {
            Value::Null => {}
            Value::Array(list) => {
                for audience in list {
                    self.spec.audiences.push(match audience {
                        Value::Null => String::new(),
                        Value::String(text) => text.clone(),
                        other => return Err(at.wrong(other, "audiences", "string")),
                    });
                }
            }
            other => return Err(at.wrong(other, "audiences", "[]string")),
        }
        match &spec["expirationSeconds"] {
            Value::Null => {}
            value => match value.as_i64() {
                Some(seconds) => self.spec.expiration_seconds = seconds,
                None => return Err(at.wrong(value, "expirationSeconds", "int64")),
            },
        }
        if let Some(bound) = at.object(
            spec,
            "boundObjectRef",
            "TokenRequestSpec",
            "v1.BoundObjectReference",
        )? {
            let at = Place("BoundObjectReference", "spec.boundObjectRef.");
            self.spec.bound_object_ref = Some(BoundObjectRef {
                kind: at.string(bound, "kind")?,
                api_version: at.string(bound, "apiVersion")?,
                name: at.string(bound, "name")?,
                uid: at.string(bound, "uid")?,
            });
        }
        Ok(())
    }
}

/// The Go type that has a field, and the path before it.
#[derive(Clone, Copy)]
struct Place(&'static str, &'static str);

impl Place {
    fn wrong(self, found: &Value, field: &str, go_type: &str) -> String {
        let found = match found {
            Value::Number(number) if go_type == "int64" => format!("number {number}"),
            other => go_kind(other).to_owned(),
        };
        format!(
            "json: cannot unmarshal {found} into Go struct field {}.{}{field} of type {go_type}",
            self.0, self.1
        )
    }

    fn string(self, object: &Value, field: &str) -> Result<String, String> {
        match &object[field] {
            Value::Null => Ok(String::new()),
            Value::String(text) => Ok(text.clone()),
            other => Err(self.wrong(other, field, "string")),
        }
    }

    fn object<'v>(
        self,
        object: &'v Value,
        field: &str,
        owner: &'static str,
        go_type: &str,
    ) -> Result<Option<&'v Value>, String> {
        match &object[field] {
            Value::Null => Ok(None),
            value if value.is_object() => Ok(Some(value)),
            other => Err(Place(owner, self.1).wrong(other, field, go_type)),
        }
    }
}

fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: Value) -> String {
        let issuer = TokenIssuer {
            issuer: "i".to_owned(),
            api_audiences: vec!["a".to_owned()],
            extend_expiration: true,
            max_expiration: None,
        };
        let cluster = crate::model::ClusterBuilder::new().build(false);
        match answer(&issuer, &cluster, ("n", "s"), &body, Timestamp::UNIX_EPOCH) {
            Ok(_) => String::new(),
            Err(status) => status.message,
        }
    }

    #[test]
    fn refuses_what_cannot_be_decoded() {
        let prefix = "TokenRequest in version \"v1\" cannot be handled as a TokenRequest: json: cannot unmarshal ";
        for (body, text) in [
            (json!([]), "array into Go value of type v1.TokenRequest"),
            (
                json!({"metadata": {"name": 1}}),
                "number into Go struct field ObjectMeta.metadata.name of type string",
            ),
            (
                json!({"spec": []}),
                "array into Go struct field TokenRequest.spec of type v1.TokenRequestSpec",
            ),
            (
                json!({"spec": {"expirationSeconds": 1.5}}),
                "number 1.5 into Go struct field TokenRequestSpec.spec.expirationSeconds of type int64",
            ),
            (
                json!({"spec": {"boundObjectRef": {"uid": true}}}),
                "bool into Go struct field BoundObjectReference.spec.boundObjectRef.uid of type string",
            ),
        ] {
            assert_eq!(refusal(body), format!("{prefix}{text}"));
        }
        assert_eq!(
            refusal(json!({"spec": null})),
            "serviceaccounts \"s\" not found"
        );
    }
}
