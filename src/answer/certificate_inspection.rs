//! A look into certificates: whose they would be, who signed whom, and what is dangerous about them.

mod dangers;
mod names;

use super::danger::{Danger, Severity, seconds_until};
use crate::authn::{grouped, x509};
use crate::model::UserInfo;
use crate::pki::{Certificate, pem};
use jiff::Timestamp;
use std::collections::HashMap;

/// Certificates that stand together: a file, or the client certificate of a kubeconfig's user entry.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The kubeconfig's user entry.
    pub user: Option<String>,
    /// The certificates in their order, or why Go does not read one.
    pub certificates: Vec<Result<Certificate, String>>,
    /// How many private keys stand beside them. Nothing of them is kept.
    pub private_keys: usize,
}

impl Bundle {
    /// Reads PEM: certificates are kept, private keys counted, other blocks passed over.
    pub fn from_pem(data: &[u8]) -> Bundle {
        let mut bundle = Bundle::default();
        for block in pem::blocks(data) {
            if block.label == "CERTIFICATE" {
                let read = Certificate::parse(&block.der).map_err(|error| error.to_string());
                bundle.certificates.push(read);
            } else if block.label.ends_with("PRIVATE KEY") {
                bundle.private_keys += 1;
            }
        }
        bundle
    }

    /// One certificate in DER.
    pub fn from_der(data: &[u8]) -> Bundle {
        let read = Certificate::parse(data).map_err(|error| error.to_string());
        Bundle {
            certificates: vec![read],
            ..Bundle::default()
        }
    }
}

/// What a certificate is among those that it stands with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Somebody's own: it says who that is.
    Leaf,
    /// It signs others.
    Authority,
}

/// Who signed a certificate, by names and key identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// It says that it signed itself.
    Itself,
    /// The certificate at this place of the bundle, from 0.
    At(usize),
    /// None of them.
    Elsewhere,
}

/// What can be said about one certificate.
#[derive(Debug)]
pub struct CertificateInspection<'b> {
    /// The certificate.
    pub certificate: &'b Certificate,
    /// What it is here.
    pub role: Role,
    /// Who signed it.
    pub issuer: Issuer,
    /// The user that its subject names; `None` where it names nobody, or what the server says of it.
    pub user: Result<Option<UserInfo>, String>,
    /// Whether its extended key usages let it authenticate a client.
    pub for_clients: bool,
    /// What is dangerous about it, the gravest first.
    pub dangers: Vec<Danger>,
}

impl CertificateInspection<'_> {
    /// Whether it could authenticate a client at all.
    pub fn is_invalid(&self) -> bool {
        self.dangers
            .iter()
            .any(|danger| danger.severity == Severity::Invalid)
    }

    /// Seconds that are left.
    pub fn left(&self, now: Timestamp) -> i64 {
        seconds_until(now, self.certificate.not_after().as_second())
    }

    /// How long it lives, in seconds.
    pub fn lifetime(&self) -> i64 {
        let (begin, end) = (self.certificate.not_before(), self.certificate.not_after());
        end.as_second().saturating_sub(begin.as_second())
    }
}

/// Inspects the certificates of a bundle; those that cannot be read keep their reason.
pub fn inspect(bundle: &Bundle, now: Timestamp) -> Vec<Result<CertificateInspection<'_>, &str>> {
    let issuers = issuers(&bundle.certificates);
    let mut signs = vec![false; bundle.certificates.len()];
    for issuer in &issuers {
        if let Issuer::At(place) = issuer
            && let Some(signs) = signs.get_mut(*place)
        {
            *signs = true;
        }
    }
    let mut inspected: Vec<_> = (0..)
        .zip(&bundle.certificates)
        .zip(issuers)
        .zip(signs)
        .map(|(((place, read), issuer), signs): (((usize, _), _), _)| {
            let certificate: &Certificate = match read {
                Ok(certificate) => certificate,
                Err(error) => return Err(&**error),
            };
            let is_ca = certificate.basic_constraints().is_ca;
            // The first one of a user entry is sent as the client's own, whatever it is.
            let is_sent = bundle.user.is_some() && place == 0;
            let authority = is_ca && (signs || issuer == Issuer::Itself) && !is_sent;
            let mut inspection = CertificateInspection {
                certificate,
                role: if authority {
                    Role::Authority
                } else {
                    Role::Leaf
                },
                issuer,
                user: x509::user(certificate, true).map(|user| user.map(grouped)),
                for_clients: for_clients(certificate),
                dangers: Vec::new(),
            };
            inspection.dangers = dangers::find(&inspection, now);
            Ok(inspection)
        })
        .collect();
    if let Some(Ok(first)) = inspected.first()
        && first.role == Role::Authority
    {
        // Whoever is sent after an authority is not looked at as the client's own.
        for late in inspected.iter_mut().flatten() {
            if late.role == Role::Leaf {
                dangers::out_of_order(&mut late.dangers);
                break;
            }
        }
    }
    inspected
}

/// The object identifier of clientAuth.
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// The object identifier of any extended key usage.
pub const ANY_USAGE: &str = "2.5.29.37.0";

fn for_clients(certificate: &Certificate) -> bool {
    let usages = certificate.ext_key_usages();
    usages.is_empty()
        || usages
            .iter()
            .any(|usage| usage == CLIENT_AUTH || usage == ANY_USAGE)
}

/// Who signed each certificate: of those whose subject is its issuer, the one with the fitting key
/// identifier, or the first.
fn issuers(certificates: &[Result<Certificate, String>]) -> Vec<Issuer> {
    let mut by_subject: HashMap<(&[u8], Option<&[u8]>), usize> = HashMap::new();
    for (place, certificate) in certificates.iter().enumerate() {
        let Ok(certificate) = certificate else {
            continue;
        };
        // A client's certificate may share its name with another.
        if certificate.version() == 3 && !certificate.basic_constraints().is_ca {
            continue;
        }
        let subject = certificate.raw_subject();
        for key in [certificate.subject_key_id(), None] {
            by_subject.entry((subject, key)).or_insert(place);
        }
    }
    let issuer = |place: usize, certificate: &Certificate| {
        let authority = certificate.authority_key_id();
        let own = certificate.raw_issuer() == certificate.raw_subject()
            && (authority.is_none() || authority == certificate.subject_key_id());
        if own {
            return Issuer::Itself;
        }
        let found = by_subject
            .get(&(certificate.raw_issuer(), authority))
            .or_else(|| {
                // An authority without a key identifier may be the one.
                let place = by_subject.get(&(certificate.raw_issuer(), None))?;
                let candidate = certificates.get(*place)?.as_ref().ok()?;
                candidate.subject_key_id().is_none().then_some(place)
            });
        match found {
            Some(found) if *found != place => Issuer::At(*found),
            _ => Issuer::Elsewhere,
        }
    };
    let places = certificates.iter().enumerate();
    places
        .map(|(place, certificate)| match certificate {
            Ok(certificate) => issuer(place, certificate),
            Err(_) => Issuer::Elsewhere,
        })
        .collect()
}
