//! What is dangerous about a certificate, or wrong with it.

use super::{CertificateInspection, Role, names};
use crate::answer::danger::{Danger, Dangers, Severity, YEAR, quoted, seconds_until};
use crate::model::Quoted;
use crate::pki::PublicKey;
use jiff::Timestamp;

/// The smallest RSA key that is not weak, in bits.
const RSA_BITS: usize = 2048;

const MASTERS: &str = "system:masters";

pub(super) fn find(inspection: &CertificateInspection<'_>, now: Timestamp) -> Vec<Danger> {
    let mut dangers = Dangers::default();
    of_times(inspection, now, &mut dangers);
    of_key(inspection, &mut dangers);
    if inspection.role == Role::Leaf {
        of_use(inspection, &mut dangers);
        of_subject(inspection, &mut dangers);
    }
    dangers.sorted()
}

/// Notes that a client's own certificate does not stand first.
pub(super) fn out_of_order(dangers: &mut Vec<Danger>) {
    dangers.push(Danger {
        severity: Severity::Warning,
        id: "order",
        message: "it stands behind an authority: a client sends the first certificate of a file as its own".to_owned(),
    });
    dangers.sort_by_key(|danger| std::cmp::Reverse(danger.severity));
}

fn of_times(inspection: &CertificateInspection<'_>, now: Timestamp, dangers: &mut Dangers) {
    let certificate = inspection.certificate;
    // An authority that has expired spoils what it signed, but is nobody's own.
    let severity = match inspection.role {
        Role::Leaf => Severity::Invalid,
        Role::Authority => Severity::High,
    };
    if now > certificate.not_after() {
        dangers.add(severity, "expired", "it has expired");
    }
    if now < certificate.not_before() {
        let text = "it is not valid yet";
        dangers.add(severity, "not-yet-valid", text);
    }
    let life = inspection.lifetime();
    if inspection.role == Role::Authority {
        return;
    }
    let years = life / YEAR;
    if life > 5 * YEAR {
        let text = format!("it lives for {years} years: nobody can revoke a client certificate");
        dangers.add(Severity::High, "long-life", text);
    } else if life > YEAR + 60 * 60 {
        // Tools give a year and the minutes by which clocks differ.
        let text = "it lives longer than a year: nobody can revoke a client certificate";
        dangers.add(Severity::Note, "long-life", text);
    } else if life < 0 {
        dangers.add(Severity::Invalid, "no-life", "it ends before it begins");
    }
    let left = seconds_until(now, certificate.not_after().as_second());
    if (0..30 * 24 * 60 * 60).contains(&left) {
        let text = "it expires within 30 days";
        dangers.add(Severity::Note, "expires-soon", text);
    }
}

fn of_key(inspection: &CertificateInspection<'_>, dangers: &mut Dangers) {
    let certificate = inspection.certificate;
    let key = certificate.public_key();
    if let (PublicKey::Rsa(_), Some(bits)) = (key, key.bits())
        && bits < RSA_BITS
    {
        let text = format!("its RSA key of {bits} bits is weak: {RSA_BITS} and more are not");
        dangers.add(Severity::High, "weak-key", text);
    }
    let algorithm = certificate.signature_algorithm();
    // Nobody looks at the signature that an authority makes on itself.
    let counts = inspection.issuer != super::Issuer::Itself;
    if counts && (algorithm.contains("SHA1") || algorithm.contains("MD")) {
        let severity = match inspection.role {
            Role::Leaf => Severity::Invalid,
            Role::Authority => Severity::High,
        };
        let text = format!("it is signed with {algorithm}, which the server refuses");
        dangers.add(severity, "weak-signature", text);
    }
}

fn of_use(inspection: &CertificateInspection<'_>, dangers: &mut Dangers) {
    let certificate = inspection.certificate;
    if !inspection.for_clients {
        let text =
            "it cannot authenticate clients: its extended key usages do not include clientAuth";
        dangers.add(Severity::Invalid, "no-client-auth", text);
    }
    if certificate.ext_key_usages().is_empty() {
        let text = "it has no extended key usage: it is good for clients and for servers";
        dangers.add(Severity::Note, "any-usage", text);
    }
    if certificate.basic_constraints().is_ca {
        let text = "it is a client's own and an authority (CA:true): its holder may sign certificates for others if its authority allows";
        dangers.add(Severity::High, "ca-leaf", text);
    }
    let unhandled = certificate.unhandled_critical_extensions();
    if !unhandled.is_empty() {
        let text = format!(
            "the server does not handle its critical extension {}",
            quoted(&unhandled.join(", "))
        );
        dangers.add(Severity::Invalid, "critical-extension", text);
    }
    if certificate
        .dns_names()
        .iter()
        .any(|name| name.contains('*'))
    {
        let text = "it stands for every host under a wildcard";
        dangers.add(Severity::Note, "wildcard", text);
    }
}

fn of_subject(inspection: &CertificateInspection<'_>, dangers: &mut Dangers) {
    let certificate = inspection.certificate;
    let name = certificate.common_name();
    let groups = certificate.organizations();
    let count = names::common_names(certificate.raw_subject());
    if let Err(error) = &inspection.user {
        dangers.add(
            Severity::Invalid,
            "uid",
            format!("the server refuses its UID: {error}"),
        );
    }
    if name.is_empty() {
        let text = match count {
            0 => "its subject has no common name: it names nobody",
            _ => "its last common name is empty: it names nobody",
        };
        dangers.add(Severity::Invalid, "no-common-name", text);
    }
    if count > 1 {
        let text = format!("its subject has {count} common names: the last one counts");
        dangers.add(Severity::Warning, "several-common-names", text);
    }
    if groups.iter().any(|group| group == MASTERS) {
        let text = "group system:masters may do everything, whatever RBAC says, until the certificate expires or the CA is replaced";
        dangers.add(Severity::High, "system-masters", text);
    }
    if name.starts_with("system:") {
        let (severity, whose) = whose(name);
        let text = format!("user {} is {whose}", quoted(name));
        dangers.add(severity, "system-user", text);
    }
    for group in groups
        .iter()
        .filter(|group| group.starts_with("system:") && *group != MASTERS)
    {
        let text = format!("group {} is one of the cluster's own", quoted(group));
        dangers.add(Severity::Warning, "system-group", text);
    }
    for (what, text) in [("user", name)]
        .into_iter()
        .chain(groups.iter().map(|g| ("group", &**g)))
    {
        of_name(what, text, dangers);
    }
}

/// Whose a name of the cluster is.
fn whose(name: &str) -> (Severity, &'static str) {
    if name.starts_with("system:serviceaccount:") {
        (
            Severity::High,
            "a service account's name: audit logs do not tell them apart",
        )
    } else if name == "system:anonymous" {
        (Severity::High, "the name of requests without a credential")
    } else if name.starts_with("system:node:") {
        (Severity::Warning, "a kubelet's name")
    } else {
        (Severity::Warning, "a part of the cluster itself")
    }
}

/// Whether Go's quoting shows a character as itself.
fn prints(c: char) -> bool {
    matches!(c, '"' | '\\')
        || Quoted(c.encode_utf8(&mut [0; 4])).to_string().len() == c.len_utf8() + 2
}

/// What the eye takes for another name.
fn of_name(what: &str, name: &str, dangers: &mut Dangers) {
    let shown = quoted(name);
    if name.is_empty() && what == "group" {
        dangers.add(Severity::Note, "empty-group", "it names the empty group");
    }
    if name.trim() != name {
        let text =
            format!("the {what} {shown} has white space around it, which belongs to the name");
        dangers.add(Severity::Warning, "odd-name", text);
    } else if name.chars().any(|c| !prints(c)) {
        let text = format!("the {what} {shown} holds characters that do not print");
        dangers.add(Severity::Warning, "odd-name", text);
    } else if what == "group" && name.contains(',') {
        let text = format!("{shown} is one group: a comma does not part names");
        dangers.add(Severity::Note, "odd-name", text);
    }
    if name.contains('*') {
        let text = format!("the {what} {shown} is meant literally: no name is a pattern");
        dangers.add(Severity::Warning, "wildcard", text);
    }
}
