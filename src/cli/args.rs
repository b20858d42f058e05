//! The command line: flags that kubectl has keep kubectl's name, short form and meaning.

mod credentials;
mod lint;

pub use credentials::{
    CertCommand, CertInspectArgs, CertVerifyArgs, TokenCommand, TokenInspectArgs, TokenSource,
    TokenVerifyArgs,
};

use crate::authz::Assumption;
pub use lint::{LintArgs, LintOutput};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Who may do what in a Kubernetes cluster, and why: answered offline from manifests.
///
/// Loads RBAC objects from files and answers as a Kubernetes 1.36 API server would.
///
/// Exit status: 0 yes, 1 no, 2 bad usage or unreadable input, 3 cannot be known offline.
#[derive(Debug, Parser)]
#[command(
    name = "rbac-check",
    version,
    propagate_version = true,
    args_override_self = true
)]
pub struct Cli {
    /// What is loaded, and how answers are printed.
    #[command(flatten)]
    pub common: Common,
    /// What is asked.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be
    /// repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder
    #[arg(
        short,
        long = "filename",
        value_name = "PATH",
        global = true,
        help_heading = "What is loaded"
    )]
    pub filename: Vec<String>,
    /// The namespace of loaded namespaced objects that name none
    #[arg(
        long,
        value_name = "NS",
        default_value = "default",
        global = true,
        help_heading = "What is loaded"
    )]
    pub manifest_namespace: String,
    /// Leave out the built-in roles and bindings of a fresh cluster
    #[arg(long, global = true, help_heading = "What is loaded")]
    pub no_defaults: bool,
    /// Leave aggregated ClusterRoles with the rules that they were written with
    #[arg(long, global = true, help_heading = "What is loaded")]
    pub no_aggregation: bool,
    /// Where the API server's configuration comes from.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Colour in what people read
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, help_heading = "Output")]
    pub color: Color,
    /// Say on standard error what was loaded
    #[arg(short, long, global = true, help_heading = "Output")]
    pub verbose: bool,
    /// kubectl's log level; accepted and ignored
    #[arg(long = "v", value_name = "LEVEL", global = true, hide = true)]
    pub log_level: Option<i32>,
    /// kubectl's flag; accepted and ignored, there is no request
    #[arg(long, value_name = "DURATION", global = true, hide = true)]
    pub request_timeout: Option<String>,
    /// kubectl's flag; its own warnings are not the server's
    #[arg(long, global = true, hide = true)]
    pub warnings_as_errors: bool,
}

/// The API server's configuration, and when it is asked.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// The API server's configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a
    /// file with one --flag=value a line
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "What is loaded"
    )]
    pub apiserver: Option<PathBuf>,
    /// Overrides or adds one flag of the API server; may be repeated
    #[arg(
        long,
        value_name = "NAME=VALUE",
        global = true,
        help_heading = "What is loaded"
    )]
    pub apiserver_flag: Vec<String>,
    /// Where the files that the API server's configuration names are found. Default: as they are named,
    /// then relative to the folder of the file that names them
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        help_heading = "What is loaded"
    )]
    pub root: Option<PathBuf>,
    /// Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative
    /// to the folder above FILE's own. OIDC discovery documents, key sets and distributed claims are
    /// taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "What is loaded"
    )]
    pub fetched: Option<PathBuf>,
    /// Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or
    /// HTTP answers by token. NAME is the webhook's name in the configuration; may be repeated. What no
    /// line answers is unknown
    #[arg(
        long,
        value_name = "[NAME=]FILE",
        global = true,
        help_heading = "What is loaded"
    )]
    pub webhook_answers: Vec<String>,
    /// What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny,
    /// no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where
    /// flags configure it
    #[arg(
        long,
        value_name = "NAME=ANSWER",
        value_parser = assumption,
        global = true,
        help_heading = "What is loaded"
    )]
    pub assume: Vec<(String, Assumption)>,
    /// The instant at which everything is judged. Default: the clock
    #[arg(
        long,
        value_name = "RFC3339",
        value_parser = rfc3339,
        global = true,
        help_heading = "What is loaded"
    )]
    pub now: Option<jiff::Timestamp>,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Who asks.
#[derive(Debug, Args)]
pub struct Who {
    /// The user to ask as. Without a credential the asker may impersonate anybody, as an administrator
    /// who runs kubectl --as
    #[arg(long = "as", value_name = "USER", help_heading = "Who asks")]
    pub as_user: Option<String>,
    /// A group to ask as; may be repeated
    #[arg(long, value_name = "GROUP", help_heading = "Who asks")]
    pub as_group: Vec<String>,
    /// A uid to ask as
    #[arg(long, value_name = "UID", help_heading = "Who asks")]
    pub as_uid: Option<String>,
    /// An extra value to ask with; may be repeated
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Who asks")]
    pub as_user_extra: Vec<String>,
    /// A kubeconfig: its context gives the namespace and the credential. Without a flag that says who
    /// asks, the one that kubectl would use
    #[arg(long, value_name = "FILE", help_heading = "Who asks")]
    pub kubeconfig: Option<PathBuf>,
    /// The kubeconfig's context to use instead of its current one
    #[arg(long, value_name = "NAME", help_heading = "Who asks")]
    pub context: Option<String>,
    /// The kubeconfig's user to use instead of the context's
    #[arg(long, value_name = "NAME", help_heading = "Who asks")]
    pub user: Option<String>,
    /// A bearer token
    #[arg(
        long,
        value_name = "TOKEN",
        conflicts_with = "token_file",
        help_heading = "Who asks"
    )]
    pub token: Option<String>,
    /// A file that holds a bearer token; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "Who asks")]
    pub token_file: Option<PathBuf>,
    /// A client certificate in PEM, with its chain
    #[arg(long, value_name = "FILE", help_heading = "Who asks")]
    pub client_certificate: Option<PathBuf>,
    /// A UserInfo (JSON or YAML) taken as authenticated
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["token", "token_file", "client_certificate", "user"],
        help_heading = "Who asks"
    )]
    pub user_info: Option<PathBuf>,
}

impl Who {
    /// Whether no flag names anybody.
    pub fn says_nothing(&self) -> bool {
        self.as_user.is_none()
            && self.user_info.is_none()
            && self.kubeconfig.is_none()
            && !self.has_credential()
    }

    /// Whether a credential is given directly.
    pub fn has_credential(&self) -> bool {
        self.token.is_some() || self.token_file.is_some() || self.client_certificate.is_some()
    }
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people.
    Table,
    /// JSON, in Kubernetes' own objects where one exists.
    Json,
    /// The same as YAML.
    Yaml,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Whether a user may do something: kubectl auth can-i, offline, with reasons
    CanI(CanIArgs),
    /// Every subject that may do something, and through which bindings
    WhoCan(WhoCanArgs),
    /// The user that the API server makes of a credential, or the 401 and why
    Whoami(WhoamiArgs),
    /// A request through every stage, to the code and the body that the server answers
    Trace(TraceArgs),
    /// Answer a stream of SubjectAccessReviews
    Review(ReviewArgs),
    /// What is dangerous in the policy: where, why, and what to do about it
    Lint(LintArgs),
    /// Whether a server would start with a configuration, in its own words
    Validate(ValidateArgs),
    /// What a bearer token is, and what the API server says of it
    #[command(subcommand)]
    Token(TokenCommand),
    /// Whose client certificates are, and what the API server says of them
    #[command(subcommand)]
    Cert(CertCommand),
    /// Shell completions, on standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page, or with --dir a page for each command
    Man {
        /// Write the pages to this folder instead
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// `can-i`.
#[derive(Debug, Args)]
#[command(after_help = "\
TYPE is a plural, singular or short name, TYPE.GROUP or TYPE.VERSION.GROUP, in any case.

Examples:
  rbac-check can-i create deployments --as alice --as-group developers -n team-a
  rbac-check can-i get configmaps/app-config --as system:serviceaccount:team-a:app --explain
  rbac-check can-i get pods --subresource log --as alice
  rbac-check can-i get /metrics --as alice
  rbac-check can-i --list --as alice -n team-a")]
pub struct CanIArgs {
    /// VERB TYPE, VERB TYPE/NAME or VERB /PATH
    #[arg(value_name = "VERB RESOURCE")]
    pub words: Vec<String>,
    /// The namespace of the question
    #[arg(
        short,
        long,
        value_name = "NS",
        default_value = "",
        hide_default_value = true
    )]
    pub namespace: String,
    /// Ask for all namespaces
    #[arg(short = 'A', long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub all_namespaces: bool,
    /// The subresource, such as log or scale
    #[arg(
        long,
        value_name = "SUB",
        default_value = "",
        hide_default_value = true
    )]
    pub subresource: String,
    /// Print nothing; the exit status answers
    #[arg(short, long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub quiet: bool,
    /// List all that the user may do in the namespace
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub list: bool,
    /// With --list: leave out the head of the table
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub no_headers: bool,
    /// Say why: every grant, or the nearest misses and the smallest fix
    #[arg(long)]
    pub explain: bool,
    /// With --list: answer lines {"id","user","namespace"} of FILE (- is standard input)
    #[arg(long, value_name = "FILE", requires = "list")]
    pub batch: Option<PathBuf>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
    /// Who asks.
    #[command(flatten)]
    pub who: Who,
}

/// `who-can`.
#[derive(Debug, Args)]
pub struct WhoCanArgs {
    /// VERB TYPE, VERB TYPE/NAME or VERB /PATH
    #[arg(value_name = "VERB RESOURCE")]
    pub words: Vec<String>,
    /// The namespace of the question
    #[arg(
        short,
        long,
        value_name = "NS",
        default_value = "",
        hide_default_value = true
    )]
    pub namespace: String,
    /// In all namespaces at once: what cluster-wide bindings grant
    #[arg(short = 'A', long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub all_namespaces: bool,
    /// The subresource, such as log or scale
    #[arg(
        long,
        value_name = "SUB",
        default_value = "",
        hide_default_value = true
    )]
    pub subresource: String,
    /// Answer lines {"id","verb","group","resource","subresource","namespace"} of FILE (- is standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    pub batch: Option<PathBuf>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// `whoami`.
#[derive(Debug, Args)]
pub struct WhoamiArgs {
    /// Answer lines {"id","credential","request","now"} of FILE (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
    /// Say on standard error who asks and by what right, where somebody is impersonated
    #[arg(long)]
    pub explain: bool,
    /// table, json, yaml, name, or jsonpath={.status.userInfo.username}
    #[arg(short, long, value_name = "FORMAT")]
    pub output: Option<String>,
    /// Words that kubectl ignores, too
    #[arg(hide = true)]
    pub ignored: Vec<String>,
    /// kubectl accepts a namespace here; it changes nothing
    #[arg(short, long, hide = true)]
    pub namespace: Option<String>,
    /// Who asks.
    #[command(flatten)]
    pub who: Who,
}

/// `trace`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status: 0 the request passes every filter, 1 it is refused, 3 it cannot be told.

Examples:
  rbac-check trace get pods/web-0 -n team-a --as alice
  rbac-check trace --method GET --path '/api/v1/pods?watch=true' --token-file t --apiserver kube-apiserver.yaml
  rbac-check trace --method GET --path /healthz --header 'Impersonate-User: jane' --user-info bob.json
  rbac-check trace --message 'Error from server (Forbidden): pods is forbidden: ...'
  rbac-check trace --audit-event event.json")]
pub struct TraceArgs {
    /// VERB TYPE, VERB TYPE/NAME or VERB /PATH
    #[arg(value_name = "VERB RESOURCE", conflicts_with_all = ["method", "path", "message", "audit_event", "batch"])]
    pub words: Vec<String>,
    /// The HTTP method of a raw request
    #[arg(long, value_name = "METHOD", requires = "path")]
    pub method: Option<String>,
    /// The path of a raw request, with its query
    #[arg(long, value_name = "PATH", conflicts_with_all = ["message", "audit_event", "batch"])]
    pub path: Option<String>,
    /// A header line, 'NAME: VALUE'; may be repeated
    #[arg(long, value_name = "LINE", conflicts_with_all = ["message", "audit_event", "batch"])]
    pub header: Vec<String>,
    /// The body; - is standard input. Without it a raw request has none
    #[arg(long, value_name = "FILE", conflicts_with_all = ["message", "audit_event", "batch"])]
    pub body: Option<PathBuf>,
    /// An error as a terminal showed it: which stage said it, and what the loaded policy says
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["audit_event", "batch"])]
    pub message: Option<String>,
    /// An event of the audit log, or a log of them; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    pub audit_event: Option<PathBuf>,
    /// The namespace of VERB RESOURCE
    #[arg(
        short,
        long,
        value_name = "NS",
        default_value = "",
        hide_default_value = true
    )]
    pub namespace: String,
    /// In all namespaces at once
    #[arg(short = 'A', long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = go_bool, hide_default_value = true)]
    pub all_namespaces: bool,
    /// The subresource, such as log or scale
    #[arg(
        long,
        value_name = "SUB",
        default_value = "",
        hide_default_value = true
    )]
    pub subresource: String,
    /// The verb by which the asker last impersonated, as the server remembers it: impersonate,
    /// impersonate:user-info, impersonate:serviceaccount, impersonate:arbitrary-node, impersonate:associated-node
    #[arg(long, value_name = "VERB", value_parser = impersonation_mode)]
    pub last_mode: Option<crate::impersonation::Mode>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
    /// Who asks.
    #[command(flatten)]
    pub who: Who,
    /// Answer lines {"id","user" or "credential","headers","method","path","body"} of FILE (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
}

/// `review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// JSON Lines, JSON or YAML; - or nothing is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
}

/// `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// An AuthenticationConfiguration or an AuthorizationConfiguration, as --authentication-config and
    /// --authorization-config name them; - is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// A mode of impersonation, by its verb.
fn impersonation_mode(text: &str) -> Result<crate::impersonation::Mode, String> {
    let modes = || {
        let verbs = crate::impersonation::Mode::ALL.map(|mode| mode.verb());
        format!("expected one of {}", verbs.join(", "))
    };
    crate::impersonation::Mode::parse(text).ok_or_else(modes)
}

/// A time as Kubernetes writes it.
fn rfc3339(text: &str) -> Result<jiff::Timestamp, String> {
    let expected = || "expected a time such as 2026-01-31T12:00:00Z".to_owned();
    text.parse().map_err(|_| expected())
}

/// What is assumed of a webhook.
fn assumption(text: &str) -> Result<(String, Assumption), String> {
    let expected = "expected NAME=allow, NAME=deny, NAME=no-opinion or NAME=unreachable";
    let (name, answer) = text.rsplit_once('=').ok_or(expected)?;
    let assumption = match answer {
        "allow" => Assumption::Allow,
        "deny" => Assumption::Deny,
        "no-opinion" => Assumption::NoOpinion,
        "unreachable" => Assumption::Unreachable,
        _ => return Err(expected.to_owned()),
    };
    Ok((name.to_owned(), assumption))
}

/// A boolean as Go's flags read it.
fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}
