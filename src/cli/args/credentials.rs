//! The flags of `token` and `cert`.

use super::{Output, Who};
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use std::path::PathBuf;

/// `token`.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// What a token is, whose it would be, and what is dangerous about it; nothing is verified
    Inspect(TokenInspectArgs),
    /// What the API server says of a token, as a TokenReview would
    Verify(TokenVerifyArgs),
}

/// Where a token comes from.
#[derive(Debug, Args)]
pub struct TokenSource {
    /// A file that holds the token (alone, or in the status of a TokenRequest or ExecCredential in JSON);
    /// standard input, which is -; or the token itself. Other processes of the machine see arguments, and
    /// shells remember them: prefer a file. Without it, the token of the kubeconfig
    #[arg(
        value_name = "TOKEN|FILE|-",
        conflicts_with_all = ["token", "token_file", "kubeconfig", "context", "user"]
    )]
    pub input: Option<String>,
    /// The token itself; other processes of the machine see it
    #[arg(long, value_name = "TOKEN", conflicts_with = "token_file")]
    pub token: Option<String>,
    /// A file that holds the token; - is standard input
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A kubeconfig that holds the token or names its file
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// The kubeconfig's context to use instead of its current one
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// The kubeconfig's user to use instead of the context's
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
}

impl TokenSource {
    /// The kubeconfig part of it, as other commands take it.
    pub fn who(&self) -> Who {
        Who {
            as_user: None,
            as_group: Vec::new(),
            as_uid: None,
            as_user_extra: Vec::new(),
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            user: self.user.clone(),
            token: None,
            token_file: None,
            client_certificate: None,
            user_info: None,
        }
    }
}

/// `token inspect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Objects that the token is bound to are looked up among those of -f alone. The signature and the \
token itself are never printed, unless --show-token is given.

Exit status: 0 nothing speaks against the token, 1 it is not valid (expired, broken, or refused by \
the server of --apiserver), 2 bad usage or unreadable input, 3 nothing can be said about it.

Examples:
  rbac-check token inspect token.jwt
  rbac-check token inspect --kubeconfig ~/.kube/config --context prod
  kubectl create token app -n team-a | rbac-check token inspect -
  rbac-check token inspect token.jwt -f cluster.yaml --apiserver kube-apiserver.yaml")]
pub struct TokenInspectArgs {
    /// Where the token comes from.
    #[command(flatten)]
    pub source: TokenSource,
    /// Print the token itself, too
    #[arg(long)]
    pub show_token: bool,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// `token verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Give the server's configuration with --apiserver or --apiserver-flag, and the stored \
ServiceAccounts, Secrets, Pods and Nodes that the token depends on with -f.

Exit status: 0 valid, 1 not valid, 2 bad usage or unreadable input, 3 it cannot be told; what is \
missing is said.

Examples:
  rbac-check token verify token.jwt --apiserver kube-apiserver.yaml --root backup/ -f cluster.yaml
  rbac-check token verify - --apiserver-flag service-account-key-file=sa.pub \\
    --apiserver-flag service-account-issuer=https://kubernetes.default.svc -f cluster.yaml")]
pub struct TokenVerifyArgs {
    /// Where the token comes from.
    #[command(flatten)]
    pub source: TokenSource,
    /// An audience that the token must be for, as spec.audiences of a TokenReview; may be repeated.
    /// Default: those of the API
    #[arg(long, value_name = "AUDIENCE")]
    pub audience: Vec<String>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// `cert`.
#[derive(Debug, Subcommand)]
pub enum CertCommand {
    /// Whose certificates are, how long, for what, and what is dangerous about them
    Inspect(CertInspectArgs),
    /// What the API server says of a client certificate
    Verify(CertVerifyArgs),
}

/// `cert inspect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Private keys in the file are passed over; nothing of them is printed.

Exit status: 0 every certificate could authenticate its client now (authorities are not asked to), \
1 one could not (expired, no common name, not for clients, unreadable) or expires within \
--expires-in, 2 bad usage or unreadable input.

Examples:
  rbac-check cert inspect ~/.kube/config
  rbac-check cert inspect client.pem --expires-in 30d")]
pub struct CertInspectArgs {
    /// Certificates in PEM or DER, or a kubeconfig; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Exit with 1 if a certificate other than an authority's expires within this time, such as 30d or
    /// 1d12h (s m h d w y)
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub expires_in: Option<SignedDuration>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// `cert verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
The first certificate is the client's, the others are what it sends with it. Of a kubeconfig, the \
client certificate of each user entry is verified.

Exit status: 0 valid, 1 not valid, 2 bad usage or unreadable input, 3 without a client CA.

Examples:
  rbac-check cert verify client.pem --ca ca.crt
  rbac-check cert verify ~/.kube/config --apiserver kube-apiserver.yaml --root backup/")]
pub struct CertVerifyArgs {
    /// Certificates in PEM or DER, or a kubeconfig; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The client CA, in PEM, instead of that of --apiserver
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// A duration of numbers with units, such as `30d` or `1d12h`.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let expected = || "expected a duration such as 90m, 30d or 1y (s m h d w y)".to_owned();
    let mut seconds: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let unit = rest
            .find(|c: char| !c.is_ascii_digit())
            .ok_or_else(expected)?;
        let number: i64 = rest[..unit].parse().map_err(|_| expected())?;
        let length = match rest.as_bytes().get(unit) {
            Some(b's') => 1,
            Some(b'm') => 60,
            Some(b'h') => 60 * 60,
            Some(b'd') => 24 * 60 * 60,
            Some(b'w') => 7 * 24 * 60 * 60,
            Some(b'y') => 365 * 24 * 60 * 60,
            _ => return Err(expected()),
        };
        let part = number.checked_mul(length).ok_or_else(expected)?;
        seconds = seconds.checked_add(part).ok_or_else(expected)?;
        rest = &rest[unit + 1..];
    }
    match text {
        "" => Err(expected()),
        _ => Ok(SignedDuration::from_secs(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("30d", 2_592_000),
            ("1d12h", 129_600),
            ("0s", 0),
            ("1y1w", 32_140_800),
        ] {
            assert_eq!(duration(text).map(|d| d.as_secs()), Ok(seconds), "{text}");
        }
        for text in [
            "",
            "30",
            "d",
            "-1d",
            "1x",
            "1d ",
            "99999999999999999999d",
            "9999999999999999y",
            "1é",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
