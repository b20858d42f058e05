//! `cert`: a look into certificates, and what the API server says of them.

use super::args::{CertCommand, CertInspectArgs, CertVerifyArgs, Common, Output};
use super::can_i::Colours;
use super::server::Server;
use super::terminal::messages;
use super::{Exit, print, print_value};
use crate::answer::certificate_inspection::{self, Bundle, CertificateInspection, Role};
use crate::authn::opinion::Opinion;
use crate::authn::x509::X509;
use crate::authn::{Setting, grouped};
use crate::load::discover::Source;
use crate::load::kubeconfig::{self, Pem};
use crate::model::Quoted;
use crate::pki::{self, Certificate};
use crate::render::certificate::{self, Verdict};
use crate::render::explain::Style;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 16 << 20;

pub(super) fn run(common: &Common, command: &CertCommand) -> Result<Exit> {
    match command {
        CertCommand::Inspect(args) => inspect(common, args),
        CertCommand::Verify(args) => verify(common, args),
    }
}

fn inspect(common: &Common, args: &CertInspectArgs) -> Result<Exit> {
    let bundles = read(&args.file)?;
    let now = common.server.now.unwrap_or_else(jiff::Timestamp::now);
    let mut text = String::new();
    let mut values: Vec<Value> = Vec::new();
    let mut exit = Exit::Yes;
    for bundle in &bundles {
        let inspected = certificate_inspection::inspect(bundle, now);
        let user = bundle.user.as_deref();
        if let Some(user) = user {
            let heading = format!("user {} of the kubeconfig:", Quoted(user));
            text.push_str(&Colours.heading(&heading));
            text.push('\n');
        }
        let count = inspected.len();
        for (place, one) in inspected.iter().enumerate() {
            let one = one.as_ref().map_err(|error| *error);
            text.push_str(&certificate::inspection(one, place, count, now, &Colours));
            if args.output != Output::Table {
                values.push(certificate::inspection_value(one, place, user, now));
            }
        }
        let bad = |one: &Result<CertificateInspection<'_>, &str>| match one {
            Ok(inspection) => inspection.is_invalid(),
            Err(_) => true,
        };
        let seconds = args.expires_in.map(|time| time.as_secs());
        if inspected.iter().any(bad) || seconds.is_some_and(|s| expires(&inspected, s, now)) {
            exit = Exit::No;
        }
    }
    let keys: usize = bundles.iter().map(|bundle| bundle.private_keys).sum();
    match args.output {
        Output::Table => {
            print(text)?;
            if keys > 0 {
                let s = if keys == 1 { "" } else { "s" };
                let _ = writeln!(messages(), "left out: {keys} private key{s}");
            }
        }
        output => {
            let value = json!({"certificates": values, "privateKeysLeftOut": keys});
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(exit)
}

/// Whether a certificate expires within so many seconds: those of clients, or where there are none, of
/// authorities.
fn expires(
    inspected: &[Result<CertificateInspection<'_>, &str>],
    seconds: i64,
    now: jiff::Timestamp,
) -> bool {
    let any_leaf = inspected.iter().flatten().any(|one| one.role == Role::Leaf);
    let mut counted = inspected
        .iter()
        .flatten()
        .filter(|one| !any_leaf || one.role == Role::Leaf);
    counted.any(|one| one.left(now) <= seconds)
}

fn verify(common: &Common, args: &CertVerifyArgs) -> Result<Exit> {
    let bundles = read(&args.file)?;
    let (x509, now) = match &args.ca {
        Some(path) => {
            let source = source(path);
            let name = source.name();
            let client_ca = match pki::certificates_from_pem(&source.read_bytes(LARGEST)?) {
                Ok(client_ca) => client_ca,
                Err(error) => bail!("{name}: {error}"),
            };
            let x509 = X509 {
                client_ca,
                parse_uid: true,
            };
            let now = common.server.now.unwrap_or_else(jiff::Timestamp::now);
            (Setting::On(x509), now)
        }
        None => {
            let server = Server::load(&common.server)?;
            (server.authenticators.x509, server.now)
        }
    };
    let mut text = String::new();
    let mut values = Vec::new();
    let mut exit = Exit::Yes;
    for bundle in &bundles {
        let verdict = verdict(bundle, &x509, now);
        let user = bundle.user.as_deref();
        if let Some(user) = user {
            text.push_str(&format!("user {} of the kubeconfig: ", Quoted(user)));
        }
        text.push_str(&certificate::verification(&verdict, &Colours));
        let leaf = bundle
            .certificates
            .first()
            .and_then(|read| read.as_ref().ok());
        let subject = leaf.map_or("", Certificate::subject_string);
        values.push(certificate::verification_value(&verdict, subject, user));
        exit = match (exit, verdict) {
            (Exit::No, _) | (_, Verdict::Invalid(_)) => Exit::No,
            (Exit::Unknown, _) | (_, Verdict::Unknown(_)) => Exit::Unknown,
            _ => Exit::Yes,
        };
    }
    match args.output {
        Output::Table => print(text)?,
        output => print_value(&json!({"certificates": values}), output == Output::Yaml)?,
    }
    Ok(exit)
}

/// What the server says of a chain, from the handshake on.
fn verdict(bundle: &Bundle, x509: &Setting<X509>, now: jiff::Timestamp) -> Verdict {
    let x509 = match x509 {
        Setting::On(x509) => x509,
        Setting::Missing(what) => return Verdict::Unknown(format!("{what}, or the CA with --ca")),
        Setting::Off => {
            let text = "the server has no --client-ca-file and looks at no client certificate";
            return Verdict::Invalid(text.to_owned());
        }
    };
    let mut chain: Vec<Certificate> = Vec::new();
    for read in &bundle.certificates {
        match read {
            Ok(certificate) => chain.push(certificate.clone()),
            Err(error) => {
                let text = format!(
                    "the TLS handshake fails: tls: failed to parse client certificate: {error}"
                );
                return Verdict::Invalid(text);
            }
        }
    }
    match x509.authenticate(&chain, now) {
        Opinion::User(found) => Verdict::Valid(grouped(found.user)),
        Opinion::Refused(error) => Verdict::Invalid(error),
        Opinion::Unknown(why) => Verdict::Unknown(why),
        Opinion::Pass => {
            let text = "the certificate is good, but names nobody: its subject has no common name";
            Verdict::Invalid(text.to_owned())
        }
    }
}

fn source(path: &Path) -> Source {
    match path == Path::new("-") {
        true => Source::Stdin,
        false => Source::File(path.to_path_buf()),
    }
}

/// The certificates of a file, together or by the user entries of a kubeconfig.
fn read(path: &Path) -> Result<Vec<Bundle>> {
    let source = source(path);
    let name = source.name();
    let bytes = source.read_bytes(LARGEST)?;
    // Every certificate in DER begins with the head of a long sequence.
    if bytes.starts_with(&[0x30, 0x82]) || bytes.starts_with(&[0x30, 0x81]) {
        return Ok(vec![Bundle::from_der(&bytes)]);
    }
    let bundle = Bundle::from_pem(&bytes);
    if !bundle.certificates.is_empty() {
        return Ok(vec![bundle]);
    }
    if bundle.private_keys > 0 {
        bail!("{name}: holds private keys and no certificate");
    }
    if bytes.is_empty() {
        bail!("{name}: is empty; expected certificates in PEM or DER, or a kubeconfig");
    }
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{name}: expected certificates in PEM or DER, or a kubeconfig");
    };
    if text.contains("-----BEGIN ") {
        bail!("{name}: holds no CERTIFICATE block of PEM that can be read");
    }
    let bundles = of_kubeconfig(&name, &text, path.parent())?;
    if bundles.is_empty() {
        bail!("{name}: no certificate in PEM, and no user entry of a kubeconfig with one");
    }
    Ok(bundles)
}

fn of_kubeconfig(name: &str, text: &str, folder: Option<&Path>) -> Result<Vec<Bundle>> {
    let kubeconfig = kubeconfig::parse(name, text, folder)?;
    let mut bundles = Vec::new();
    for (user, auth) in kubeconfig.users() {
        let Some(pem) = &auth.client_certificate else {
            continue;
        };
        let data = match pem {
            Pem::Data(data) => data.clone(),
            Pem::File(file) => Source::File(file.clone()).read_bytes(LARGEST)?,
        };
        let mut bundle = Bundle::from_pem(&data);
        if bundle.certificates.is_empty() {
            let error = "the client certificate is no CERTIFICATE block of PEM";
            bundle.certificates.push(Err(error.to_owned()));
        }
        bundle.user = Some(user.to_owned());
        bundles.push(bundle);
    }
    Ok(bundles)
}
