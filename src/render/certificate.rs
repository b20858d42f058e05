//! What certificates are and what becomes of them.

use super::authentication::advice;
use super::credential::{
    Rows, dangers, duration, free, instant, line, rfc3339, shown, shown_list, user,
};
use super::explain::Style;
use crate::answer::certificate_inspection::{
    ANY_USAGE, CLIENT_AUTH, CertificateInspection, Issuer, Role,
};
use crate::model::UserInfo;
use crate::pki::{Certificate, colon_hex};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The names of key usages, from the lowest bit on.
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// One certificate of a file, inspected, or why it cannot be read.
pub type Inspected<'b, 'i> = Result<&'i CertificateInspection<'b>, &'i str>;

fn key_usages(certificate: &Certificate) -> Vec<&'static str> {
    let usage = certificate.key_usage();
    let bits = KEY_USAGES.iter().enumerate();
    bits.filter(|(bit, _)| usage.has(1 << bit))
        .map(|(_, name)| *name)
        .collect()
}

/// The names of extended key usages, the number where there is none.
fn extended_usages(certificate: &Certificate) -> Vec<&str> {
    let usages = certificate.ext_key_usages().iter();
    usages
        .map(|usage| match usage.as_str() {
            CLIENT_AUTH => "clientAuth",
            ANY_USAGE => "any",
            "1.3.6.1.5.5.7.3.1" => "serverAuth",
            "1.3.6.1.5.5.7.3.3" => "codeSigning",
            "1.3.6.1.5.5.7.3.4" => "emailProtection",
            "1.3.6.1.5.5.7.3.8" => "timeStamping",
            "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
            other => other,
        })
        .collect()
}

fn fingerprint(certificate: &Certificate) -> String {
    let digest = certificate.sha256();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One certificate for people, below a heading that names it.
pub fn inspection(
    inspected: Inspected<'_, '_>,
    place: usize,
    count: usize,
    now: Timestamp,
    style: &impl Style,
) -> String {
    let number = format!("certificate {} of {count}", place + 1);
    let inspection = match inspected {
        Ok(inspection) => inspection,
        Err(error) => {
            let heading = style.heading(&number);
            return format!("{heading}\n  {}  {}\n", style.bad("invalid"), line(error));
        }
    };
    let role = match inspection.role {
        Role::Leaf if inspection.for_clients => "",
        Role::Leaf => ", cannot authenticate clients",
        Role::Authority => ", an authority (CA)",
    };
    let mut text = style.heading(&format!("{number}{role}"));
    text.push('\n');
    text.push_str(&rows(inspection, now).text(2));
    if !inspection.dangers.is_empty() {
        text.push_str("  dangers:\n");
        text.push_str(&dangers(&inspection.dangers, 4, style));
    }
    text
}

fn rows(inspection: &CertificateInspection<'_>, now: Timestamp) -> Rows {
    let certificate = inspection.certificate;
    let mut rows = Rows::default();
    if inspection.role == Role::Leaf {
        match &inspection.user {
            Ok(Some(found)) => user(&mut rows, found),
            Ok(None) => rows.add("user", "nobody"),
            Err(error) => rows.add("user", format!("none: {}", line(error))),
        }
    }
    rows.add("subject", free(certificate.subject_string()));
    let signer = match inspection.issuer {
        Issuer::Itself => " (itself)".to_owned(),
        Issuer::At(place) => format!(" (certificate {} here)", place + 1),
        Issuer::Elsewhere => String::new(),
    };
    rows.add("issuer", free(certificate.issuer_string()) + &signer);
    rows.add("serial", shown(&certificate.serial_decimal()));
    let (begin, end) = (certificate.not_before(), certificate.not_after());
    rows.add("from", instant(begin.as_second(), now));
    let life = duration(inspection.lifetime());
    rows.add(
        "until",
        format!("{}, life {life}", instant(end.as_second(), now)),
    );
    let key = certificate.public_key();
    let bits = match key.bits() {
        Some(bits) if key.kind_name() == "RSA" => format!(" {bits} bits"),
        _ => String::new(),
    };
    let algorithm = shown(certificate.signature_algorithm());
    let kind = free(key.kind_name());
    rows.add("key", format!("{kind}{bits}; signed with {algorithm}"));
    let extended = match certificate.ext_key_usages() {
        [] => "for anything".to_owned(),
        _ => format!("for {}", shown_list(extended_usages(certificate))),
    };
    let usages = key_usages(certificate).join(", ");
    let usages = if usages.is_empty() {
        "any key usage"
    } else {
        &usages
    };
    rows.add("usage", format!("{extended}; {usages}"));
    for (label, names) in names(certificate) {
        if !names.is_empty() {
            rows.add(label, shown_list(names));
        }
    }
    for (label, id) in [
        ("key id", certificate.subject_key_id()),
        ("issuer key", certificate.authority_key_id()),
    ] {
        if let Some(id) = id {
            rows.add(label, shown(&colon_hex(id).to_string()));
        }
    }
    rows.add("sha256", fingerprint(certificate));
    rows
}

fn names(certificate: &Certificate) -> [(&'static str, Vec<String>); 4] {
    let uris = certificate.uris();
    [
        ("dns", certificate.dns_names().to_vec()),
        ("ip", certificate.ip_addresses()),
        ("email", certificate.email_addresses().to_vec()),
        ("uri", uris.into_iter().map(ToString::to_string).collect()),
    ]
}

/// One certificate for programs.
pub fn inspection_value(
    inspected: Inspected<'_, '_>,
    place: usize,
    user: Option<&str>,
    now: Timestamp,
) -> Value {
    let mut value = match inspected {
        Ok(inspection) => fields(inspection, now),
        Err(error) => json!({"valid": false, "error": error}),
    };
    value["index"] = json!(place + 1);
    if let Some(user) = user {
        value["kubeconfigUser"] = json!(user);
    }
    value
}

fn fields(inspection: &CertificateInspection<'_>, now: Timestamp) -> Value {
    let certificate = inspection.certificate;
    let time = |instant: Timestamp| json!(rfc3339(instant.as_second()));
    let hex = |id: Option<&[u8]>| json!(id.map(|id| colon_hex(id).to_string()));
    let mut value = json!({
        "role": match inspection.role {
            Role::Leaf => "leaf",
            Role::Authority => "authority",
        },
        "valid": !inspection.is_invalid(),
        "subject": certificate.subject_string(),
        "issuer": certificate.issuer_string(),
        "selfIssued": inspection.issuer == Issuer::Itself,
        "serialNumber": certificate.serial_decimal(),
        "notBefore": time(certificate.not_before()),
        "notAfter": time(certificate.not_after()),
        "lifetimeSeconds": inspection.lifetime(),
        "remainingSeconds": inspection.left(now),
        "publicKey": {
            "algorithm": certificate.public_key().kind_name(),
            "bits": certificate.public_key().bits(),
        },
        "signatureAlgorithm": certificate.signature_algorithm(),
        "keyUsage": key_usages(certificate),
        "extKeyUsage": extended_usages(certificate),
        "canAuthenticateClients": inspection.for_clients,
        "isCA": certificate.basic_constraints().is_ca,
        "sha256Fingerprint": fingerprint(certificate),
        "subjectKeyId": hex(certificate.subject_key_id()),
        "authorityKeyId": hex(certificate.authority_key_id()),
        "dangers": inspection.dangers,
    });
    if let Issuer::At(place) = inspection.issuer {
        value["issuedBy"] = json!(place + 1);
    }
    if inspection.role == Role::Leaf {
        value["userInfo"] = match &inspection.user {
            Ok(user) => json!(user),
            Err(_) => Value::Null,
        };
    }
    let keys = ["dnsNames", "ipAddresses", "emailAddresses", "uris"];
    for (key, (_, names)) in keys.into_iter().zip(names(certificate)) {
        value[key] = json!(names);
    }
    value
}

/// What the server says of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It names this user.
    Valid(UserInfo),
    /// It is refused, and why.
    Invalid(String),
    /// It cannot be told, and why.
    Unknown(String),
}

/// What the server says of a chain, for people.
pub fn verification(verdict: &Verdict, style: &impl Style) -> String {
    match verdict {
        Verdict::Valid(found) => {
            let mut rows = Rows::default();
            user(&mut rows, found);
            format!("{}\n{}", style.good("valid"), rows.text(0))
        }
        Verdict::Invalid(why) => {
            let mut text = format!("{}: {}\n", style.bad("not valid"), line(why));
            let advice = advice(why, &[]);
            if !advice.is_empty() {
                text.push_str(&format!("hint: {advice}\n"));
            }
            text
        }
        Verdict::Unknown(why) => format!("unknown: {}\n", line(why)),
    }
}

/// What the server says of a chain, for programs.
pub fn verification_value(verdict: &Verdict, subject: &str, user: Option<&str>) -> Value {
    let mut value = match verdict {
        Verdict::Valid(found) => json!({"valid": true, "userInfo": found}),
        Verdict::Invalid(why) => json!({"valid": false, "error": why}),
        Verdict::Unknown(why) => json!({"valid": null, "error": format!("unknown: {why}")}),
    };
    value["subject"] = json!(subject);
    if let Some(user) = user {
        value["kubeconfigUser"] = json!(user);
    }
    value
}
