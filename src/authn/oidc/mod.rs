//! OpenID Connect tokens (docs page "Authenticating", OpenID Connect tokens): issuers that the `oidc-*` flags or an
//! AuthenticationConfiguration name, as `k8s.io/apiserver/plugin/pkg/authenticator/token/oidc` judges their
//! tokens. What they serve comes from [`Fetched`]; nothing is asked over the network.

mod claims;
mod distributed;
mod id_token;
mod mapping;
mod provider;
mod trace;
mod verifier;

pub use trace::Finding;

use super::opinion::{Authenticated, Opinion};
use crate::apiserver::Fetched;
use crate::apiserver::authentication_config::JwtAuthenticator;
use crate::apiserver::authentication_config::mapper::Mapper;
use crate::jwt::json::{GO_DEPTH, check};
use crate::jwt::probe_issuer;
use crate::model::UserInfo;
use claims::Claims;
use distributed::{Resolver, Surroundings};
use jiff::Timestamp;
use mapping::Mapping;
use provider::{KeySet, Provider, discovery_url};
use std::collections::HashMap;
use std::sync::Arc;
use trace::Trace;
use verifier::{Demands, Refusal};

/// What people know it as.
pub const NAME: &str = "OpenID Connect";

/// The issuers of a server.
#[derive(Debug, Default)]
pub struct Oidc {
    issuers: Vec<Issuer>,
    by_url: HashMap<String, usize>,
}

/// One issuer.
#[derive(Debug)]
pub struct Issuer {
    jwt: JwtAuthenticator,
    mapper: Arc<Mapper>,
    demands: Demands,
    /// The network; `None` if nothing is known of it.
    fetched: Option<Arc<Fetched>>,
    /// What the issuer says of itself; `None` if nothing is known of the network.
    provider: Option<Provider>,
    /// Where its discovery document is.
    document: String,
    resolver: Option<Resolver>,
}

/// What is said of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The opinion.
    pub opinion: Opinion,
    /// Who it would be, were the token good; if that cannot be told.
    pub suspect: Option<UserInfo>,
    /// The issuer whose token it is, as it is configured.
    pub issuer: Option<String>,
    /// What each step made of it, if that was asked.
    pub findings: Vec<Finding>,
}

impl Issuer {
    /// An issuer with its compiled expressions and the algorithms that it may sign with. Without `fetched`
    /// its tokens cannot be verified.
    pub fn new(
        jwt: JwtAuthenticator,
        mapper: Arc<Mapper>,
        algorithms: Vec<String>,
        fetched: Option<Arc<Fetched>>,
    ) -> Self {
        let document = match &jwt.issuer.discovery_url[..] {
            "" => discovery_url(&jwt.issuer.url),
            elsewhere => elsewhere.to_owned(),
        };
        let ask = |fetched: &Arc<Fetched>| Provider::discover(&jwt.issuer.url, &document, fetched);
        let groups = &jwt.claim_mappings.groups.claim;
        let mut audiences = jwt.issuer.audiences.clone();
        audiences.sort();
        Issuer {
            provider: fetched.as_ref().map(ask),
            resolver: (!groups.is_empty()).then(|| Resolver::new(groups)),
            demands: Demands {
                audiences,
                algorithms,
            },
            jwt,
            mapper,
            fetched,
            document,
        }
    }

    fn judge(&self, token: &str, now: Timestamp, trace: &mut Trace) -> (Opinion, Option<UserInfo>) {
        let (keys, missing) = match &self.provider {
            None => (None, Some(self.unfetched())),
            Some(Provider::Down(why)) => {
                let refusal = "oidc: authenticator not initialized".to_owned();
                trace.result(
                    "discovery",
                    &self.document,
                    &Err::<(), _>(why.clone()),
                    |()| String::new(),
                );
                return (Opinion::Refused(refusal), None);
            }
            Some(Provider::Up(KeySet::Unknown(why))) => (None, Some(why.clone())),
            Some(Provider::Up(keys)) => (Some(keys), None),
        };
        let user = self.user(token, keys, now, trace);
        match (missing, user) {
            // Whatever is wrong with it, the server's words depend on what is missing.
            (Some(missing), user) => (Opinion::Unknown(missing), user.ok()),
            (None, Ok(user)) => {
                let user = Authenticated {
                    user,
                    ..Authenticated::default()
                };
                (Opinion::User(user), None)
            }
            (None, Err(Refusal::Refused(text))) => (Opinion::Refused(text), None),
            (None, Err(Refusal::Unknown(why))) => (Opinion::Unknown(why), None),
        }
    }

    fn unfetched(&self) -> String {
        let (url, document) = (&self.jwt.issuer.url, &self.document);
        format!(
            "the keys of the issuer {url} are not known (save {document} and the jwks_uri that it names, and give them with --fetched)"
        )
    }

    fn user(
        &self,
        token: &str,
        keys: Option<&KeySet>,
        now: Timestamp,
        trace: &mut Trace,
    ) -> Result<UserInfo, Refusal> {
        let url = &self.jwt.issuer.url;
        let verified = self
            .demands
            .verify(token, url, keys, now, trace)
            .map_err(|refusal| refusal.after("oidc: verify token: "));
        if let Err(Refusal::Refused(text)) = &verified {
            trace.result("token", "", &Err::<(), _>(text.clone()), |()| String::new());
        }
        let verified = verified?;
        let payload = check(verified.payload(), GO_DEPTH)
            .map_err(|_| Refusal::Refused("oidc: parse claims".to_owned()))?;
        let mut claims = Claims::new(payload);
        let distributed = match &self.resolver {
            Some(resolver) => {
                let surroundings = Surroundings {
                    demands: &self.demands,
                    fetched: self.fetched.as_deref(),
                    now,
                    moved: (url, &self.document),
                };
                let expanded = resolver.expand(&claims, &surroundings, trace);
                let expanded = expanded.map_err(|refusal| {
                    refusal.after("oidc: could not expand distributed claims: ")
                });
                if let Err(Refusal::Refused(text)) = &expanded {
                    let failed = Err::<(), _>(text.clone());
                    trace.result("distributed claim", "_claim_names", &failed, |()| {
                        String::new()
                    });
                }
                expanded?
            }
            None => None,
        };
        if let Some(value) = &distributed
            && let Ok(value) = check(value, GO_DEPTH)
        {
            claims.set(&self.jwt.claim_mappings.groups.claim, value);
        }
        let mapping = Mapping::new(&self.jwt, &self.mapper, &claims)?;
        mapping.user(trace).map_err(Refusal::Refused)
    }
}

impl FromIterator<Issuer> for Oidc {
    fn from_iter<T: IntoIterator<Item = Issuer>>(issuers: T) -> Self {
        let issuers: Vec<Issuer> = issuers.into_iter().collect();
        let urls = issuers.iter().map(|issuer| issuer.jwt.issuer.url.clone());
        Oidc {
            by_url: urls.zip(0..).collect(),
            issuers,
        }
    }
}

impl Oidc {
    /// The issuer that a token names; nobody has verified that.
    fn issuer(&self, token: &str) -> Option<&Issuer> {
        let named = probe_issuer(token)?;
        let named = match &named[..] {
            "accounts.google.com" => "https://accounts.google.com",
            named => named,
        };
        self.issuers.get(*self.by_url.get(named)?)
    }

    /// The URLs of the issuers, in their order.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(|issuer| &issuer.jwt.issuer.url[..])
    }

    /// Names the user of a token.
    pub fn judge(&self, token: &str, now: Timestamp) -> Judgement {
        self.look(token, now, Trace::off())
    }

    /// [`Oidc::judge`], with what each step made of the token.
    pub fn explain(&self, token: &str, now: Timestamp) -> Judgement {
        self.look(token, now, Trace::on())
    }

    fn look(&self, token: &str, now: Timestamp, mut trace: Trace) -> Judgement {
        let Some(issuer) = self.issuer(token) else {
            return Judgement {
                opinion: Opinion::Pass,
                suspect: None,
                issuer: None,
                findings: Vec::new(),
            };
        };
        let (opinion, suspect) = issuer.judge(token, now, &mut trace);
        Judgement {
            opinion,
            suspect,
            issuer: Some(issuer.jwt.issuer.url.clone()),
            findings: trace.findings(),
        }
    }
}
