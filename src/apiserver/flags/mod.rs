//! The flags of kube-apiserver: where they are written, what they mean, and what the server says of
//! those that it does not take.

mod gates;
mod source;
mod table;
mod value;

pub use gates::FeatureGates;
pub use source::read;
pub(in crate::apiserver) use value::parse_list;

use crate::model::Quoted;
use std::collections::BTreeMap;

/// Whose command line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// kube-apiserver
    ApiServer,
    /// kube-controller-manager, which asks the API server about most requests that it gets.
    ControllerManager,
}

/// The words of a command line, without the program's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    program: Program,
    args: Vec<String>,
    overrides: Vec<String>,
    /// Whether the words are only assumed.
    assumed: bool,
}

impl Default for CommandLine {
    /// What is assumed of a server whose configuration nobody names.
    fn default() -> Self {
        CommandLine {
            assumed: true,
            ..CommandLine::new(vec!["--authorization-mode=Node,RBAC".to_owned()])
        }
    }
}

impl CommandLine {
    /// A command line of the API server of these words.
    pub fn new(args: Vec<String>) -> Self {
        CommandLine::of(Program::ApiServer, args)
    }

    /// A command line of a program.
    pub fn of(program: Program, args: Vec<String>) -> Self {
        CommandLine {
            program,
            args,
            overrides: Vec::new(),
            assumed: false,
        }
    }

    /// Whose it is.
    pub fn program(&self) -> Program {
        self.program
    }

    /// All values of one flag, whatever else there is: overrides alone, if there are any.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let overridden = values(&self.overrides, name);
        match overridden.is_empty() {
            true => values(&self.args, name),
            false => overridden,
        }
    }

    /// Adds `NAME=VALUE` (leading dashes may be there): the flag's own values no longer count. Given
    /// several times for one flag, all of them are its values.
    pub fn override_flag(&mut self, flag: &str) {
        let flag = flag.trim_start_matches('-');
        let name = normalise(flag.split('=').next().unwrap_or(flag));
        if self.assumed && name == "authorization-config" {
            // Nobody gave the modes that a file of authorizers excludes.
            self.args.clear();
        }
        self.overrides.push(format!("--{flag}"));
    }

    /// Reads the words as the server does.
    ///
    /// # Errors
    /// The server's words for the first flag that it does not take.
    pub fn parse(&self) -> Result<Flags, String> {
        let replaced: Vec<String> = self
            .overrides
            .iter()
            .map(|flag| {
                let name = flag.split('=').next().unwrap_or(flag);
                normalise(name.trim_start_matches('-'))
            })
            .collect();
        let mut flags = Flags::default();
        let mut words = Vec::new();
        flags.read(&self.args, &replaced, &mut words)?;
        flags.read(&self.overrides, &[], &mut words)?;
        if words.iter().any(|word| !word.is_empty()) {
            let quoted: Vec<_> = words.iter().map(|w| Quoted(w).to_string()).collect();
            return Err(format!(
                "\"kube-apiserver\" does not take any arguments, got [{}]",
                quoted.join(" ")
            ));
        }
        flags.gates = FeatureGates::parse(flags.all("feature-gates"))?;
        Ok(flags)
    }
}

fn values<'a>(args: &'a [String], name: &str) -> Vec<&'a str> {
    let mut values = Vec::new();
    let mut args = args.iter().take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        let Some(flag) = arg.strip_prefix("--") else {
            continue;
        };
        let (given, value) = match flag.split_once('=') {
            Some((given, value)) => (given, Some(value)),
            None => (flag, None),
        };
        if normalise(given) == name {
            values.extend(value.or_else(|| args.next().map(String::as_str)));
        }
    }
    values
}

/// The flags of a server that were given, and their values. Every value fits its flag's type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    values: BTreeMap<&'static str, Vec<String>>,
    gates: FeatureGates,
}

/// `_` is `-` in names.
fn normalise(name: &str) -> String {
    name.replace('_', "-")
}

impl Flags {
    /// Reads words as pflag does; what is no flag is added to `others`.
    fn read<'a>(
        &mut self,
        args: &'a [String],
        replaced: &[String],
        others: &mut Vec<&'a str>,
    ) -> Result<(), String> {
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                others.extend(args.map(|word| &word[..]));
                return Ok(());
            }
            let (shown, name, value) = if let Some(long) = arg.strip_prefix("--") {
                if long.starts_with(['-', '=']) {
                    return Err(format!("bad flag syntax: {arg}"));
                }
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                (format!("--{name}"), normalise(name), value)
            } else if let Some(short) = arg.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                let mut chars = short.chars();
                let letter = chars.next().unwrap_or_default();
                let rest = chars.as_str();
                let value = (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest));
                match letter {
                    'v' => (format!("'v' in -{short}"), "v".to_owned(), value),
                    'h' => (String::new(), "help".to_owned(), None),
                    _ => return Err(format!("unknown shorthand flag: '{letter}' in -{short}")),
                }
            } else {
                others.push(arg);
                continue;
            };
            let Some((name, kind)) = table::find(&name) else {
                return Err(format!("unknown flag: {shown}"));
            };
            let value = match (value, kind.bare()) {
                (Some(value), _) => value,
                (None, Some(bare)) => bare,
                (None, None) => match args.next() {
                    Some(value) => value,
                    None => return Err(format!("flag needs an argument: {shown}")),
                },
            };
            if replaced.iter().any(|flag| flag == name) {
                continue;
            }
            value::check(kind, value).map_err(|error| {
                let short = match name {
                    "v" => "-v, ",
                    "help" => "-h, ",
                    _ => "",
                };
                let (value, flag) = (Quoted(value), format!("{short}--{name}"));
                format!(
                    "invalid argument {value} for {} flag: {error}",
                    Quoted(&flag)
                )
            })?;
            self.values.entry(name).or_default().push(value.to_owned());
        }
        Ok(())
    }

    /// Whether the flag was given.
    pub fn changed(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// All values that were given, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let values = self.values.get(name).map_or(&[][..], |values| &values[..]);
        values.iter().map(|value| &value[..])
    }

    /// The value of a flag that has one: the last that was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        Some(self.values.get(name)?.last()?)
    }

    /// A flag that names a file: empty is the same as absent.
    pub fn file(&self, name: &str) -> Option<String> {
        self.text(name)
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
    }

    /// The value of a boolean.
    pub fn bool(&self, name: &str, default: bool) -> bool {
        match self.text(name) {
            Some(text) => value::parse_bool(text).unwrap_or(default),
            None => default,
        }
    }

    /// The value of a duration in nanoseconds, if it was given.
    pub fn nanoseconds(&self, name: &str) -> Option<i64> {
        crate::model::duration::parse(self.text(name)?).ok()
    }

    /// The elements of a list (`stringSlice`), split at commas as CSV.
    pub fn strings(&self, name: &str) -> Vec<String> {
        let lists = self.all(name).map(value::parse_list);
        lists.flat_map(Result::unwrap_or_default).collect()
    }

    /// The elements of a list that is not split (`stringArray`).
    pub fn array(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }

    /// The pairs of a flag that takes one each time; of a key given twice the last value counts.
    pub fn pairs(&self, name: &str) -> BTreeMap<String, String> {
        self.all(name).flat_map(value::parse_pair).collect()
    }

    /// The feature gates.
    pub fn gates(&self) -> &FeatureGates {
        &self.gates
    }
}

/// The type of a flag, for tests that want to know whether it exists.
pub fn is_known(name: &str) -> bool {
    table::find(&normalise(name)).is_some()
}

#[cfg(test)]
mod tests {
    use super::{CommandLine, Flags};

    fn parse(args: &[&str]) -> Result<Flags, String> {
        CommandLine::new(args.iter().map(|&arg| arg.to_owned()).collect()).parse()
    }

    #[test]
    fn reads_as_pflag_does() {
        let flags = parse(&[
            "--anonymous_auth",
            "--api-audiences=a,\"b,c\"",
            "--api-audiences",
            "d",
            "--service-account-issuer=x,y",
            "-v4",
            "--client-ca-file=one",
            "--client-ca-file=two",
            "--oidc-required-claim=a=1",
            "--oidc-required-claim=a=3,b=2",
        ])
        .expect("flags");
        assert!(flags.bool("anonymous-auth", false));
        assert_eq!(flags.strings("api-audiences"), ["a", "b,c", "d"]);
        assert_eq!(flags.array("service-account-issuer"), ["x,y"]);
        assert_eq!(flags.file("client-ca-file").as_deref(), Some("two"));
        assert_eq!(flags.text("v"), Some("4"));
        assert_eq!(flags.pairs("oidc-required-claim")["a"], "3,b=2");
        assert!(!flags.changed("authorization-mode"));
    }

    #[test]
    fn refuses_in_pflags_words() {
        let cases = [
            (
                &["--basic-auth-file=x"][..],
                "unknown flag: --basic-auth-file",
            ),
            (
                &["--client-ca-file"],
                "flag needs an argument: --client-ca-file",
            ),
            (&["--=x"], "bad flag syntax: --=x"),
            (&["-x"], "unknown shorthand flag: 'x' in -x"),
            (
                &["--anonymous-auth", "false"],
                "\"kube-apiserver\" does not take any arguments, got [\"false\"]",
            ),
            (
                &["--service_account_lookup=maybe"],
                "invalid argument \"maybe\" for \"--service-account-lookup\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
        ];
        for (args, error) in cases {
            assert_eq!(parse(args), Err(error.to_owned()));
        }
    }

    #[test]
    fn an_override_replaces_what_stands() {
        let args = ["--anonymous-auth=maybe", "--authorization-mode", "RBAC"];
        let mut line = CommandLine::new(args.map(str::to_owned).to_vec());
        line.override_flag("anonymous_auth=false");
        line.override_flag("--authorization-mode=Node");
        line.override_flag("authorization-mode=RBAC");
        let flags = line.parse().expect("flags");
        assert!(!flags.bool("anonymous-auth", true));
        assert_eq!(flags.strings("authorization-mode"), ["Node", "RBAC"]);
    }
}
