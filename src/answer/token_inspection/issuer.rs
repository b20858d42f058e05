//! What a server's issuers of OpenID Connect tokens make of a token, step by step.

use super::Surroundings;
use crate::authn::Setting;
use crate::authn::oidc::Judgement;
use crate::authn::opinion::Opinion;
use crate::jwt::probe_issuer;
use crate::model::UserInfo;

/// How many configured issuers are named.
const MOST: usize = 5;

/// What becomes of a token at the issuers that a server is configured with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtIssuer {
    /// One of them is named by the token: what its configuration makes of it.
    Judged(Box<Judgement>),
    /// None is: the server does not look further.
    Strange {
        /// The issuer that the token names.
        named: String,
        /// Those that are configured, the most similar first, at most five.
        configured: Vec<String>,
    },
}

impl AtIssuer {
    /// Asks the server's issuers; `None` if it has none, or the token names no issuer.
    pub(super) fn of(token: &str, surroundings: &Surroundings<'_>) -> Option<AtIssuer> {
        let Setting::On(oidc) = &surroundings.server?.oidc else {
            return None;
        };
        let judgement = oidc.explain(token, surroundings.now);
        if judgement.issuer.is_some() {
            return Some(AtIssuer::Judged(Box::new(judgement)));
        }
        let named = probe_issuer(token).filter(|named| !named.is_empty())?;
        let mut configured: Vec<(usize, &str)> = oidc
            .urls()
            .map(|url| (strsim::damerau_levenshtein(cut(url), cut(&named)), url))
            .collect();
        configured.sort();
        configured.truncate(MOST);
        let configured = configured.into_iter().map(|(_, url)| url.to_owned());
        (configured.len() > 0).then(|| AtIssuer::Strange {
            named: named.clone(),
            configured: configured.collect(),
        })
    }

    /// Whether the issuer's keys vouch for the token.
    pub fn is_signed(&self) -> bool {
        matches!(self, AtIssuer::Judged(judgement) if judgement.findings.iter().any(|f| f.step == "signature"))
    }

    /// Whose the token is or, were it verified, would be.
    pub(super) fn user(&self) -> Option<UserInfo> {
        let AtIssuer::Judged(judgement) = self else {
            return None;
        };
        match &judgement.opinion {
            Opinion::User(user) => Some(user.user.clone()),
            _ => judgement.suspect.clone(),
        }
    }
}

/// The beginning of a URL: more of it tells no likeness, and a hostile one would take its time.
fn cut(url: &str) -> &str {
    let end = url.char_indices().nth(200).map_or(url.len(), |(at, _)| at);
    &url[..end]
}
