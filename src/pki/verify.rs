//! From a certificate to a root, or why not.

use super::certificate::Moment;
use super::constraints::check_chain;
use super::quote::quote;
use super::{Certificate, KeyUsage, SignatureCheck};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// Why a chain is not accepted; displays Go's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct VerifyError {
    text: String,
    unknown: bool,
}

impl VerifyError {
    /// Whether Go could say, but this room cannot: an algorithm that it does not have took part.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }
}

const ANY_USAGE: &str = "2.5.29.37.0";
const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// How many signatures are checked before Go gives up.
const MAX_SIGNATURE_CHECKS: usize = 100;

const UNKNOWN_AUTHORITY: &str = "x509: certificate signed by unknown authority";
const CANNOT_SIGN: &str =
    "x509: invalid signature: parent certificate cannot sign this kind of certificate";
const UNIMPLEMENTED: &str = "x509: cannot verify signature: algorithm unimplemented";

/// Judges a chain, leaf first, as sent in a handshake: Go's `Certificate.Verify` for client
/// authentication at the instant `now`, with everything behind the leaf as intermediates.
pub fn verify(
    chain: &[Certificate],
    roots: &[Certificate],
    now: Timestamp,
) -> Result<(), VerifyError> {
    let certain = |text: String| VerifyError {
        text,
        unknown: false,
    };
    let Some((leaf, intermediates)) = chain.split_first() else {
        return Err(certain(
            "x509: missing ASN.1 contents; use ParseCertificate".to_owned(),
        ));
    };
    valid(leaf, Place::Leaf, 0, None, now).map_err(certain)?;

    let roots = Pool::new(roots);
    let intermediates = Pool::new(intermediates);
    let mut search = Search {
        roots: &roots,
        intermediates: &intermediates,
        now,
        checks: 0,
        unknown: None,
    };
    let built = if roots.contains(leaf) {
        Ok(vec![vec![leaf]])
    } else {
        search.build(leaf, &mut vec![leaf])
    };
    let verdict = built.and_then(|chains| {
        // A policy that is required of the whole chain is not evaluated here.
        let asks = |certificate: &&Certificate| certificate.extensions().requires_policy;
        let (asking, plain): (Vec<_>, Vec<_>) = chains
            .into_iter()
            .partition(|chain| chain.len() > 1 && chain[..chain.len() - 1].iter().any(asks));
        let verdict = choose(&plain);
        if verdict.is_err() && choose(&asking).is_ok() {
            let reason = "certificate policies are not evaluated here";
            search.unknown.get_or_insert_with(|| reason.to_owned());
        }
        verdict
    });
    match (verdict, search.unknown) {
        (Ok(()), _) => Ok(()),
        (Err(_), Some(text)) => Err(VerifyError {
            text,
            unknown: true,
        }),
        (Err(text), None) => Err(certain(text)),
    }
}

/// Whether one of the chains may be used by a client, for the names in it.
fn choose(chains: &[Vec<&Certificate>]) -> Result<(), String> {
    let mut names = None;
    for chain in chains {
        if !chain.iter().copied().all(allows_clients) {
            continue;
        }
        match check_chain(chain) {
            Ok(()) => return Ok(()),
            Err(error) => _ = names.get_or_insert(error),
        }
    }
    Err(match names {
        Some(error) => format!(
            "x509: a root or intermediate certificate is not authorized to sign for this name: {error}"
        ),
        None => "x509: certificate specifies an incompatible key usage".to_owned(),
    })
}

fn allows_clients(certificate: &Certificate) -> bool {
    let usages = certificate.ext_key_usages();
    let fits = |usage: &String| usage == ANY_USAGE || usage == CLIENT_AUTH;
    usages.is_empty() || usages.iter().any(fits)
}

/// Certificates by subject, each once, in the order in which they came.
struct Pool<'a> {
    by_subject: HashMap<&'a [u8], Vec<&'a Certificate>>,
    all: HashSet<&'a [u8]>,
}

impl<'a> Pool<'a> {
    fn new(certificates: &'a [Certificate]) -> Self {
        let mut pool = Pool {
            by_subject: HashMap::new(),
            all: HashSet::new(),
        };
        for certificate in certificates {
            if pool.all.insert(certificate.der()) {
                let same = pool.by_subject.entry(certificate.raw_subject());
                same.or_default().push(certificate);
            }
        }
        pool
    }

    fn contains(&self, certificate: &Certificate) -> bool {
        self.all.contains(certificate.der())
    }

    /// Those with the name of the issuer: first where the key identifiers agree, then where only one
    /// of the two is there, then the others.
    fn parents(&self, child: &Certificate) -> Vec<&'a Certificate> {
        let wanted = child.authority_key_id().unwrap_or_default();
        let same = self.by_subject.get(child.raw_issuer());
        let mut parents = same.cloned().unwrap_or_default();
        parents.sort_by_key(|parent| {
            let has = parent.subject_key_id().unwrap_or_default();
            match () {
                () if has == wanted => 0,
                () if has.is_empty() != wanted.is_empty() => 1,
                () => 2,
            }
        });
        parents
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Leaf,
    Intermediate,
    Root,
}

/// Whether a certificate may stand at a place above `below` others, the last of which is `child`.
fn valid(
    certificate: &Certificate,
    place: Place,
    below: usize,
    child: Option<&Certificate>,
    now: Timestamp,
) -> Result<(), String> {
    if !certificate.unhandled_critical_extensions().is_empty() {
        return Err("x509: unhandled critical extension".to_owned());
    }
    if child.is_some_and(|child| child.raw_issuer() != certificate.raw_subject()) {
        return Err("x509: issuer name does not match subject from issuing certificate".to_owned());
    }
    let (not_before, not_after) = certificate.validity();
    let expired = |word: &str, limit: &Moment| {
        Err(format!(
            "x509: certificate has expired or is not yet valid: current time {} is {word} {}",
            now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            limit.text
        ))
    };
    // Whole seconds towards the past, and whether there is something beyond them.
    let nanoseconds = now.as_nanosecond();
    let second = |moment: &Moment| i128::from(moment.second) * 1_000_000_000;
    if nanoseconds < second(not_before) {
        return expired("before", not_before);
    }
    if nanoseconds > second(not_after) {
        return expired("after", not_after);
    }
    let constraints = certificate.basic_constraints();
    if place == Place::Intermediate && !(constraints.valid && constraints.is_ca) {
        return Err("x509: certificate is not authorized to sign other certificates".to_owned());
    }
    let intermediates = below.saturating_sub(1) as u64;
    if constraints
        .max_path_len
        .is_some_and(|most| intermediates > most)
    {
        return Err("x509: too many intermediates for path length constraint".to_owned());
    }
    Ok(())
}

/// The search for chains.
struct Search<'a> {
    roots: &'a Pool<'a>,
    intermediates: &'a Pool<'a>,
    now: Timestamp,
    /// Signatures checked so far.
    checks: usize,
    /// The first reason for which something could not be told.
    unknown: Option<String>,
}

impl<'a> Search<'a> {
    /// All chains from `child`, the last of `below`, to a root; or Go's error, which is that of the
    /// last candidate that got as far as having one.
    fn build(
        &mut self,
        child: &'a Certificate,
        below: &mut Vec<&'a Certificate>,
    ) -> Result<Vec<Vec<&'a Certificate>>, String> {
        let roots = self.roots.parents(child).into_iter();
        let intermediates = self.intermediates.parents(child).into_iter();
        let candidates = roots
            .map(|root| (Place::Root, root))
            .chain(intermediates.map(|certificate| (Place::Intermediate, certificate)));

        let mut chains = Vec::new();
        let mut error = None;
        let mut hint: Option<(String, &Certificate)> = None;
        for (place, candidate) in candidates {
            if !candidate.public_key().is_known() || already_in(candidate, below) {
                continue;
            }
            self.checks += 1;
            if self.checks > MAX_SIGNATURE_CHECKS {
                error = Some(
                    "x509: signature check attempts limit reached while verifying certificate chain"
                        .to_owned(),
                );
                continue;
            }
            match signed_by(child, candidate) {
                SignatureCheck::Valid => {}
                SignatureCheck::Invalid(reason) => {
                    hint.get_or_insert((reason, candidate));
                    continue;
                }
                SignatureCheck::Unknown(reason) => {
                    self.unknown.get_or_insert(reason);
                    continue;
                }
            }
            error = valid(candidate, place, below.len(), Some(child), self.now).err();
            if let Some(error) = &error {
                hint.get_or_insert((error.clone(), candidate));
                continue;
            }
            below.push(candidate);
            if place == Place::Root {
                chains.push(below.clone());
            } else {
                match self.build(candidate, below) {
                    Ok(found) => chains.extend(found),
                    Err(found) => error = Some(found),
                }
            }
            below.pop();
        }
        if chains.is_empty() {
            Err(error.unwrap_or_else(|| unknown_authority(hint)))
        } else {
            Ok(chains)
        }
    }
}

fn unknown_authority(hint: Option<(String, &Certificate)>) -> String {
    let Some((reason, candidate)) = hint else {
        return UNKNOWN_AUTHORITY.to_owned();
    };
    let name = match (candidate.common_name(), candidate.organizations()) {
        ("", [first, ..]) => first.clone(),
        ("", []) => format!("serial:{}", candidate.serial_decimal()),
        (name, _) => name.to_owned(),
    };
    format!(
        "{UNKNOWN_AUTHORITY} (possibly because of {} while trying to verify candidate authority certificate {})",
        quote(&reason),
        quote(&name)
    )
}

/// Whether a certificate with the same subject, key and alternative names is in the chain: mutual
/// signatures would lead round in circles.
fn already_in(candidate: &Certificate, chain: &[&Certificate]) -> bool {
    for certificate in chain {
        if candidate.raw_subject() != certificate.raw_subject()
            || candidate.public_key() != certificate.public_key()
        {
            continue;
        }
        match (&candidate.extensions().san, &certificate.extensions().san) {
            (None, None) => return true,
            (None, _) | (_, None) => return false,
            (candidate, certificate) if candidate == certificate => return true,
            _ => {}
        }
    }
    false
}

/// Whether the parent's key signed the child, and the parent may sign certificates.
fn signed_by(child: &Certificate, parent: &Certificate) -> SignatureCheck {
    let constraints = parent.basic_constraints();
    let usage = parent.key_usage();
    let no_authority = if constraints.valid {
        !constraints.is_ca
    } else {
        parent.version() == 3
    };
    if no_authority || (usage.0 != 0 && !usage.has(KeyUsage::CERT_SIGN)) {
        return SignatureCheck::Invalid(CANNOT_SIGN.to_owned());
    }
    if !parent.public_key().is_known() {
        return SignatureCheck::Invalid(UNIMPLEMENTED.to_owned());
    }
    let (message, signature, algorithm) = child.signed();
    parent
        .public_key()
        .verify_x509(algorithm, message, signature)
}

#[cfg(test)]
mod tests {
    use super::super::der::{element, tag, write};
    use super::*;
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};

    const UTC: &[u8] = b"200101000000Z400101000000Z";

    fn key(number: u8) -> SigningKey {
        SigningKey::from_slice(&[number; 32]).expect("a key")
    }

    /// What certificates differ in.
    struct Make<'a> {
        subject: &'a str,
        issuer: &'a str,
        key: u8,
        signer: u8,
        serial: u8,
        extensions: Vec<Vec<u8>>,
    }

    impl Make<'_> {
        fn certificate(&self) -> Certificate {
            let algorithm = [0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
            let mut tbs = element(tag::explicit(0), &[2, 1, 2]);
            write(&mut tbs, tag::INTEGER, &[self.serial]);
            tbs.extend(algorithm);
            tbs.extend(name(self.issuer));
            let mut validity = element(tag::UTC_TIME, &UTC[..13]);
            write(&mut validity, tag::UTC_TIME, &UTC[13..]);
            write(&mut tbs, tag::SEQUENCE, &validity);
            tbs.extend(name(self.subject));
            let point = p256::EncodedPoint::from(key(self.key).verifying_key());
            tbs.extend(crate::pki::PublicKey::EcdsaP256(point.as_bytes().to_vec()).to_spki_der());
            let extensions = element(tag::SEQUENCE, &self.extensions.concat());
            write(&mut tbs, tag::explicit(3), &extensions);
            let mut whole = element(tag::SEQUENCE, &tbs);
            let signature: Signature = key(self.signer).sign(&whole);
            whole.extend(algorithm);
            let signature = [&[0], signature.to_der().as_bytes()].concat();
            write(&mut whole, tag::BIT_STRING, &signature);
            Certificate::parse(&element(tag::SEQUENCE, &whole)).expect("a certificate")
        }
    }

    fn name(text: &str) -> Vec<u8> {
        let mut attribute = element(tag::OID, &[0x55, 4, 3]);
        write(&mut attribute, tag::UTF8_STRING, text.as_bytes());
        let set = element(tag::SET, &element(tag::SEQUENCE, &attribute));
        element(tag::SEQUENCE, &set)
    }

    fn extension(kind: u8, critical: bool, value: &[u8]) -> Vec<u8> {
        let mut fields = element(tag::OID, &[0x55, 0x1d, kind]);
        if critical {
            write(&mut fields, tag::BOOLEAN, &[0xff]);
        }
        write(&mut fields, tag::OCTET_STRING, value);
        element(tag::SEQUENCE, &fields)
    }

    fn authority() -> Vec<u8> {
        extension(19, true, &[0x30, 3, 1, 1, 0xff])
    }

    fn make<'a>(subject: &'a str, issuer: &'a str, key: u8, signer: u8) -> Make<'a> {
        let extensions = if subject == "leaf" {
            vec![]
        } else {
            vec![authority()]
        };
        Make {
            subject,
            issuer,
            key,
            signer,
            serial: 1,
            extensions,
        }
    }

    fn judge(chain: &[Certificate], roots: &[Certificate]) -> Result<(), String> {
        let now = "2026-11-23T18:00:00.5Z".parse().expect("a time");
        verify(chain, roots, now).map_err(|error| error.to_string())
    }

    #[test]
    fn chains_are_found() {
        let root = make("root", "root", 1, 1).certificate();
        let middle = make("middle", "root", 2, 1).certificate();
        let leaf = make("leaf", "middle", 3, 2).certificate();
        let roots = [root.clone()];
        assert_eq!(judge(&[leaf.clone(), middle.clone()], &roots), Ok(()));
        assert_eq!(
            judge(std::slice::from_ref(&leaf), &roots),
            Err(UNKNOWN_AUTHORITY.to_owned())
        );
        assert_eq!(
            judge(std::slice::from_ref(&leaf), std::slice::from_ref(&leaf)),
            Ok(())
        );
        let early = verify(&[leaf], &roots, Timestamp::UNIX_EPOCH).map_err(|e| e.to_string());
        let text = "x509: certificate has expired or is not yet valid: current time \
                    1970-01-01T00:00:00Z is before 2020-01-01T00:00:00Z";
        assert_eq!(early, Err(text.to_owned()));
    }

    #[test]
    fn a_wrong_signature_is_a_hint() {
        let roots = [make("root", "root", 1, 1).certificate()];
        let leaf = make("leaf", "root", 3, 2).certificate();
        let text = "x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA \
                    verification failure\" while trying to verify candidate authority certificate \"root\")";
        assert_eq!(judge(&[leaf], &roots), Err(text.to_owned()));
    }

    #[test]
    fn names_are_constrained() {
        let constrained = |side: u8| {
            let mut root = make("root", "root", 1, 1);
            let subtree = element(tag::SEQUENCE, &element(tag::context(2), b"example.com"));
            let sides = element(tag::explicit(side), &subtree);
            let value = element(tag::SEQUENCE, &sides);
            root.extensions.push(extension(30, true, &value));
            [root.certificate()]
        };
        let leaf = |name: &str| {
            let mut leaf = make("leaf", "root", 3, 1);
            let names = element(tag::SEQUENCE, &element(tag::context(2), name.as_bytes()));
            leaf.extensions.push(extension(17, false, &names));
            [leaf.certificate()]
        };
        let text = |error: &str| {
            Err(format!(
                "x509: a root or intermediate certificate is not authorized to sign for this name: {error}"
            ))
        };
        assert_eq!(judge(&leaf("a.example.com"), &constrained(0)), Ok(()));
        assert_eq!(
            judge(&leaf("a.example.org"), &constrained(0)),
            text("DNS name \"a.example.org\" is not permitted by any constraint")
        );
        assert_eq!(
            judge(&leaf("a.example.com"), &constrained(1)),
            text("DNS name \"a.example.com\" is excluded by constraint \"example.com\"")
        );
    }

    #[test]
    fn path_lengths_count_intermediates() {
        let mut root = make("root", "root", 1, 1);
        root.extensions = vec![extension(19, true, &[0x30, 6, 1, 1, 0xff, 2, 1, 0])];
        let roots = [root.certificate()];
        let middle = make("middle", "root", 2, 1).certificate();
        let leaf = make("leaf", "middle", 3, 2).certificate();
        let text = "x509: too many intermediates for path length constraint";
        assert_eq!(judge(&[leaf, middle], &roots), Err(text.to_owned()));
    }

    /// Authorities of one name that all sign each other: the budget ends the search.
    #[test]
    fn circles_end() {
        let signers = 1..=12u8;
        let pairs = signers
            .clone()
            .flat_map(|a| signers.clone().map(move |b| (a, b)));
        let circle = pairs.map(|(key, signer)| {
            let mut made = make("circle", "circle", key, signer);
            made.serial = key + 1;
            made.certificate()
        });
        let leaf = make("leaf", "circle", 99, 1).certificate();
        let chain: Vec<_> = std::iter::once(leaf).chain(circle).collect();
        let roots = [make("other", "other", 77, 77).certificate()];
        let text = "x509: signature check attempts limit reached while verifying certificate chain";
        assert_eq!(judge(&chain, &roots), Err(text.to_owned()));
    }
}
