//! Service account tokens (docs page "Managing Service Accounts"): the format bound to objects and times,
//! and the legacy one that lives in Secrets.
//!
//! The server has one authenticator for each format and asks both. Which of them a token concerns is told by
//! its issuer; then come key, signature, claim types, issuer again, audience, and what the format demands.

mod bound;
mod claimed;
mod legacy;

pub use claimed::claimed_user;

use super::opinion::{Authenticated, Opinion};
use crate::jwt::json::{GO_DEPTH, Raw, check};
use crate::jwt::{self, Fill, RegisteredClaims, Verification, probe_issuer};
use crate::model::core_objects::CoreObjects;
use crate::model::{Cluster, Quoted, UserInfo, names};
use crate::pki::PublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;

pub use bound::{EXTENDED_SECONDS, WARN_ONLY_SECONDS};
pub use legacy::LEGACY_ISSUER;

/// Who names the user of a service account token.
#[derive(Clone, Debug)]
pub struct ServiceAccounts {
    issuers: Vec<String>,
    keys: Vec<Key>,
    /// Why the keys are not known, if they are not.
    keys_unknown: Option<UnknownKeys>,
    api_audiences: Vec<String>,
    lookup: bool,
}

#[derive(Clone, Debug)]
struct UnknownKeys {
    why: String,
    named_freely: bool,
}

impl UnknownKeys {
    /// Whether one of them may have this name; a token without one may be of any.
    fn may_be_named(&self, id: &str) -> bool {
        self.named_freely || id.is_empty() || may_be_key_id(id)
    }
}

#[derive(Clone, Debug)]
struct Key {
    id: String,
    public: PublicKey,
}

/// What is said of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is this user's.
    User(Authenticated),
    /// It is no service account's token of this server.
    Pass,
    /// It is refused.
    Refused(Refusal),
    /// It cannot be told here, and why.
    Unknown(String),
}

/// Why a token is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The server's reasons, each text once.
    pub reasons: Vec<String>,
    /// The object that was not there. Where no object of its kind was loaded, the refusal only says that.
    pub missing: Option<MissingObject>,
}

impl Refusal {
    /// What must be loaded before the refusal tells anything: an object of the kind that was missed, or
    /// the object as the cluster holds it, with its uid.
    pub fn lacks(&self, objects: &CoreObjects) -> Option<String> {
        if let Some(missing) = &self.missing
            && !missing.kind_was_loaded(objects)
        {
            return Some(format!(
                "{missing} is not loaded (give the stored objects with -f)"
            ));
        }
        // A manifest that was never stored has no uid to compare.
        let unstored = |reason: &String| reason.contains(" UID () does not match");
        self.reasons.iter().any(unstored).then(|| {
            "the loaded object has no metadata.uid to compare (give the stored object, kubectl get -o yaml, with -f)".to_owned()
        })
    }
}

impl fmt::Display for MissingObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MissingObject::ServiceAccount { namespace, name } => {
                write!(f, "ServiceAccount {namespace}/{name}")
            }
            MissingObject::Secret { namespace, name } => write!(f, "Secret {namespace}/{name}"),
            MissingObject::Pod { namespace, name } => write!(f, "Pod {namespace}/{name}"),
            MissingObject::Node { name } => write!(f, "Node {name}"),
        }
    }
}

impl fmt::Display for Refusal {
    /// As Go shows several errors: in brackets unless there is one alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reasons.as_slice() {
            [one] => f.write_str(one),
            several => write!(f, "[{}]", several.join(", ")),
        }
    }
}

/// An object that a token needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MissingObject {
    ServiceAccount { namespace: String, name: String },
    Secret { namespace: String, name: String },
    Pod { namespace: String, name: String },
    Node { name: String },
}

impl MissingObject {
    /// Whether any object of its kind was loaded, so that its absence tells something.
    pub fn kind_was_loaded(&self, objects: &CoreObjects) -> bool {
        match self {
            MissingObject::ServiceAccount { .. } => objects.has_service_accounts(),
            MissingObject::Secret { .. } => objects.has_secrets(),
            MissingObject::Pod { .. } => objects.has_pods(),
            MissingObject::Node { .. } => objects.has_nodes(),
        }
    }
}

/// One reason, and the object whose absence it is.
struct Fault {
    reason: String,
    missing: Option<MissingObject>,
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Fault {
            reason,
            missing: None,
        }
    }
}

impl From<&str> for Fault {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// What a token's claims are judged by.
struct Question<'q> {
    token: &'q str,
    registered: &'q RegisteredClaims,
    objects: &'q CoreObjects,
    now: Timestamp,
    lookup: bool,
}

/// A user, and the warnings that come with it.
struct Account {
    user: UserInfo,
    warnings: Vec<String>,
}

enum Claims {
    Bound(bound::Claims),
    Legacy(legacy::Claims),
}

impl ServiceAccounts {
    /// `--service-account-issuer`, the keys of `--service-account-key-file` in their order, `--api-audiences`
    /// (or what it is by default) and `--service-account-lookup`.
    pub fn new(
        issuers: Vec<String>,
        keys: Vec<PublicKey>,
        api_audiences: Vec<String>,
        lookup: bool,
    ) -> Self {
        let keys = keys.into_iter().map(|public| Key {
            id: key_id(&public),
            public,
        });
        ServiceAccounts {
            issuers,
            keys: keys.collect(),
            keys_unknown: None,
            api_audiences,
            lookup,
        }
    }

    /// The same server, of which the keys are not known, and why. `named_freely` are those of an external
    /// signer.
    pub fn without_keys(self, why: String, named_freely: bool) -> Self {
        ServiceAccounts {
            keys: Vec::new(),
            keys_unknown: Some(UnknownKeys { why, named_freely }),
            ..self
        }
    }

    /// Names the user of a token, for the wanted audiences: those of a TokenReview, else the API's. What the
    /// server would log goes to `details`.
    pub fn authenticate(
        &self,
        token: &str,
        audiences: &[String],
        cluster: &Cluster,
        now: Timestamp,
        details: &mut Vec<String>,
    ) -> Opinion {
        match self.judge(token, audiences, cluster, now, details) {
            Judgement::User(user) => Opinion::User(user),
            Judgement::Pass => Opinion::Pass,
            Judgement::Refused(refusal) => Opinion::Refused(refusal.to_string()),
            Judgement::Unknown(why) => Opinion::Unknown(why),
        }
    }

    /// Like [`ServiceAccounts::authenticate`], with each reason on its own and the object that is missing.
    pub fn judge(
        &self,
        token: &str,
        audiences: &[String],
        cluster: &Cluster,
        now: Timestamp,
        details: &mut Vec<String>,
    ) -> Judgement {
        let Some(issuer) = probe_issuer(token) else {
            return Judgement::Pass;
        };
        let legacy = issuer == LEGACY_ISSUER;
        let bound = self.issuers.contains(&issuer);
        if !legacy && !bound {
            return Judgement::Pass;
        }
        let parsed = match jwt::parse(token) {
            Ok(parsed) => parsed,
            Err(jwt::ParseError::Malformed(_)) => return Judgement::Pass,
            Err(jwt::ParseError::Unknown(why)) => return Judgement::Unknown(why),
        };
        // A name that no key can have is no key's, whatever they are.
        if let Some(keys) = &self.keys_unknown
            && keys.may_be_named(&parsed.header.key_id)
        {
            return Judgement::Unknown(keys.why.clone());
        }
        let message = parsed.signed_message();
        let signatures = match self.verify(&parsed, &message, false) {
            Ok(signatures) => signatures,
            Err(why) => return Judgement::Unknown(why),
        };
        let mut refusal = Refusal::default();
        for (asked, is_legacy) in [(legacy, true), (bound, false)] {
            if !asked {
                continue;
            }
            let question = |registered| Question {
                token,
                registered,
                objects: cluster.core_objects(),
                now,
                lookup: self.lookup,
            };
            let faults = match decode(parsed.payload(), is_legacy, &signatures) {
                Ok((registered, claims)) => {
                    match self.user(&question(&registered), claims, audiences, details) {
                        Ok(user) => return Judgement::User(user),
                        Err(fault) => vec![fault],
                    }
                }
                Err(text) => {
                    // The server tries the other keys too, which did not sign.
                    let tried = match text.is_some() {
                        true => self.verify(&parsed, &message, true),
                        false => Ok(signatures.clone()),
                    };
                    let tried = match tried {
                        Ok(tried) => tried,
                        Err(why) => return Judgement::Unknown(why),
                    };
                    reasons(&tried, text)
                }
            };
            for fault in faults {
                if !refusal.reasons.contains(&fault.reason) {
                    refusal.reasons.push(fault.reason);
                }
                refusal.missing = refusal.missing.or(fault.missing);
            }
        }
        Judgement::Refused(refusal)
    }

    /// The issuers whose tokens it takes.
    pub fn issuers(&self) -> &[String] {
        &self.issuers
    }

    /// Whether one of the keys signed a token, whatever else is wrong with it.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn has_signed(&self, token: &str) -> Result<bool, String> {
        if let Some(unknown) = &self.keys_unknown {
            return Err(unknown.why.clone());
        }
        let token = jwt::parse(token).map_err(|error| error.to_string())?;
        let message = token.signed_message();
        Ok(self
            .verify(&token, &message, false)?
            .iter()
            .any(Result::is_ok))
    }

    /// What each key that may be meant says of the signature, up to the first good one unless `all` are
    /// wanted; why it cannot be told, if that counts.
    fn verify(&self, token: &jwt::Token, message: &[u8], all: bool) -> Result<Signatures, String> {
        let id = &token.header.key_id;
        let mut results = Vec::new();
        let mut unknown = None;
        for key in &self.keys {
            if !id.is_empty() && *id != key.id {
                continue;
            }
            match token.verify(message, &key.public) {
                Verification::Valid => {
                    results.push(Ok(()));
                    if !all {
                        return Ok(results);
                    }
                }
                Verification::Invalid(text) => results.push(Err(text)),
                Verification::Unknown(why) => unknown = Some(why),
            }
        }
        unknown.map_or(Ok(results), Err)
    }

    /// The user of verified claims.
    fn user(
        &self,
        question: &Question<'_>,
        claims: Claims,
        wanted: &[String],
        details: &mut Vec<String>,
    ) -> Result<Authenticated, Fault> {
        let registered = question.registered;
        let known = match claims {
            Claims::Legacy(_) => registered.issuer == LEGACY_ISSUER,
            Claims::Bound(_) => self.issuers.contains(&registered.issuer),
        };
        if !known {
            let issuer = Quoted(&registered.issuer);
            return Err(format!("token issuer {issuer} is invalid").into());
        }
        let own = match registered.audience.as_slice() {
            [] => &self.api_audiences,
            some => some,
        };
        let audiences: Vec<String> = wanted
            .iter()
            .filter(|audience| own.contains(audience))
            .cloned()
            .collect();
        if audiences.is_empty() && !self.api_audiences.is_empty() {
            return Err(format!(
                "token audiences {} is invalid for the target audiences {}",
                QuotedList(own),
                QuotedList(wanted)
            )
            .into());
        }
        let account = match claims {
            Claims::Bound(claims) => claims.validate(question, details)?,
            Claims::Legacy(claims) => claims.validate(question, details)?,
        };
        Ok(Authenticated {
            user: account.user,
            audiences: Some(audiences),
            warnings: account.warnings,
            ..Authenticated::default()
        })
    }
}

/// What each key says of a signature.
type Signatures = Vec<Result<(), String>>;

/// The claims, if a key signed them and they have the right types; else what is wrong with the types.
fn decode(
    payload: &[u8],
    is_legacy: bool,
    signatures: &Signatures,
) -> Result<(RegisteredClaims, Claims), Option<String>> {
    match signatures.contains(&Ok(())) {
        true => read(payload, is_legacy).map_err(Some),
        false => Err(None),
    }
}

/// Why no key will do, with what is wrong with the claims for those that signed.
fn reasons(signatures: &Signatures, claims: Option<String>) -> Vec<Fault> {
    if signatures.is_empty() {
        return vec!["invalid signature, no keys found".into()];
    }
    let text = |signature: &Result<(), String>| match signature {
        Ok(()) => Fault::from(claims.clone().unwrap_or_default()),
        Err(text) => Fault::from(text.clone()),
    };
    signatures.iter().map(text).collect()
}

fn read(payload: &[u8], is_legacy: bool) -> Result<(RegisteredClaims, Claims), String> {
    let raw = check(payload, GO_DEPTH)
        .map_err(|_| "invalid character in the claims of the token".to_owned())?;
    let registered = RegisteredClaims::read(raw)?;
    let claims = match is_legacy {
        true => Claims::Legacy(legacy::Claims::read(raw)?),
        false => Claims::Bound(bound::Claims::read(raw)?),
    };
    Ok((registered, claims))
}

/// How tokens name a key: by its SubjectPublicKeyInfo.
pub fn key_id(key: &PublicKey) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(key.to_spki_der()))
}

/// Whether [`key_id`] may be this of any key.
fn may_be_key_id(id: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(id)
        .is_ok_and(|digest| digest.len() == 32)
}

/// The user of a service account, with the groups that come with it.
fn account_user(namespace: &str, name: &str, uid: &str) -> UserInfo {
    UserInfo {
        username: format!("system:serviceaccount:{namespace}:{name}"),
        uid: uid.to_owned(),
        groups: vec![
            "system:serviceaccounts".to_owned(),
            format!("system:serviceaccounts:{namespace}"),
        ],
        ..UserInfo::default()
    }
}

/// Go's `%q` of a list of strings.
struct QuotedList<'l>(&'l [String]);

impl fmt::Display for QuotedList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, text) in self.0.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{}", Quoted(text))?;
        }
        f.write_str("]")
    }
}

/// What the server's own client says of an object that is not there. `resource` is its plural.
fn not_found(resource: &str, namespace: Option<&str>, name: &str) -> String {
    for (word, text) in [
        ("namespace", namespace.unwrap_or("")),
        ("resource name", name),
    ] {
        if word == "resource name" && text.is_empty() {
            return "resource name may not be empty".to_owned();
        }
        let errors = names::path_segment_errors(text);
        if !errors.is_empty() {
            let text = Quoted(text);
            return format!("invalid {word} {text}: [{}]", errors.join(" "));
        }
    }
    match namespace {
        Some("") => "the server could not find the requested resource".to_owned(),
        _ => format!("{resource} {} not found", Quoted(name)),
    }
}

/// Reads a struct of a token's own claims.
fn read_object<'t>(
    raw: Raw<'t>,
    go_type: &str,
    entry: impl FnMut(&mut Fill, &str, Raw<'t>) -> Result<(), String>,
) -> Result<(), String> {
    let mut fill = Fill::default();
    fill.object(raw, go_type, entry)?;
    fill.finish()
}
