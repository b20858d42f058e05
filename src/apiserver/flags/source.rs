//! Where the flags are written: a static pod manifest, a kubeadm ClusterConfiguration, or a file with
//! one flag a line.

use super::{CommandLine, Program};
use crate::load::decode::{DecodeError, list, mapping, string, string_field};
use crate::load::tree::{Entry, Kind, Tree, Value};
use crate::load::{LoadError, ParseError, Sink, json, yaml};

const EXPECTED: &str = "expected a kube-apiserver static pod manifest, a kubeadm ClusterConfiguration, or one --flag=value a line";

/// Reads the flags of an API server from a text; `name` is the file's name for messages. What the text
/// is, is seen from its content.
///
/// # Errors
/// [`LoadError::Malformed`] with the place.
pub fn read(name: &str, text: &str) -> Result<CommandLine, LoadError> {
    let malformed = |line, column, message| LoadError::Malformed {
        file: name.to_owned(),
        line,
        column,
        message,
    };
    if is_flag_file(text) {
        return flag_file(text)
            .map(CommandLine::new)
            .map_err(|(line, column, message)| malformed(line, column, message));
    }
    let mut documents = Documents::default();
    // JSON is YAML as far as such files go.
    let parsed = if text.trim_start().starts_with('{') {
        json::parse(text, &mut documents).map(drop)
    } else {
        yaml::parse(text, &mut documents).map(drop)
    };
    parsed.map_err(|e| malformed(e.line, e.column, e.message))?;
    for tree in &documents.0 {
        let Some(root) = tree.root() else { continue };
        let line = decode(root).map_err(|e| malformed(e.line, e.column, e.message))?;
        if let Some(line) = line {
            return Ok(line);
        }
    }
    let first = documents.0.first().and_then(Tree::root);
    let (line, column) = first.map_or((1, 1), |root| (root.line(), root.column()));
    Err(malformed(line, column, EXPECTED.to_owned()))
}

/// All documents that are not empty, and list items in their place.
#[derive(Default)]
struct Documents(Vec<Tree>);

impl Sink for Documents {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        self.0.push(item.clone());
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), ParseError> {
        self.0.push(document.clone());
        Ok(())
    }
}

/// The lines that say something, with their numbers.
fn meaningful(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..)
        .zip(text.split('\n'))
        .map(|(number, line)| (number, line.strip_suffix('\r').unwrap_or(line)))
        .filter(|(_, line)| {
            let start = line.trim_start();
            !start.is_empty() && !start.starts_with('#')
        })
}

/// A text of flags begins with one; a text without anything is one as well.
fn is_flag_file(text: &str) -> bool {
    meaningful(text).next().is_none_or(|(_, line)| {
        let line = line.trim_start();
        // `---` begins a YAML document.
        line.strip_prefix("--")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

fn flag_file(text: &str) -> Result<Vec<String>, (u32, u32, String)> {
    let mut args = Vec::new();
    for (number, line) in meaningful(text) {
        let flag = line.trim_start();
        let column = (line.chars().count() - flag.chars().count()) as u32 + 1;
        if !flag.starts_with('-') {
            let message = "expected --flag=value, a comment or an empty line".to_owned();
            return Err((number, column, message));
        }
        // A value may hold anything; `--flag value` has its blank before any equals sign.
        let blank = flag.find([' ', '\t']);
        let equals = flag.find('=').unwrap_or(flag.len());
        match blank.filter(|&blank| blank < equals) {
            Some(blank) => {
                args.push(flag[..blank].to_owned());
                let value = flag[blank..].trim();
                if !value.is_empty() {
                    args.push(value.to_owned());
                }
            }
            None => args.push(flag.to_owned()),
        }
    }
    Ok(args)
}

/// The flags of a document; `None` if it is about something else.
fn decode(root: Value<'_>) -> Result<Option<CommandLine>, DecodeError> {
    if root.kind() != Kind::Mapping {
        return Ok(None);
    }
    let api_version = string_field(root, "apiVersion", format_args!("apiVersion"))?;
    match string_field(root, "kind", format_args!("kind"))? {
        "ClusterConfiguration" if api_version.starts_with("kubeadm.k8s.io/") => {
            cluster_configuration(root, api_version).map(|args| Some(CommandLine::new(args)))
        }
        "Pod" => programs(root.get("spec")),
        "Deployment" | "StatefulSet" | "DaemonSet" => {
            let template = root.get("spec").and_then(|spec| spec.get("template"));
            programs(template.and_then(|template| template.get("spec")))
        }
        _ => Ok(None),
    }
}

/// The flags of the first of the programs that a pod runs.
fn programs(spec: Option<Value<'_>>) -> Result<Option<CommandLine>, DecodeError> {
    for (program, name) in [
        (Program::ApiServer, "kube-apiserver"),
        (Program::ControllerManager, "kube-controller-manager"),
    ] {
        if let Some(args) = pod(spec, name)? {
            return Ok(Some(CommandLine::of(program, args)));
        }
    }
    Ok(None)
}

/// The flags of the container that runs a program.
fn pod(spec: Option<Value<'_>>, program: &str) -> Result<Option<Vec<String>>, DecodeError> {
    let Some(spec) = mapping(spec, format_args!("spec"))? else {
        return Ok(None);
    };
    let Some(containers) = list(spec.get("containers"), format_args!("spec.containers"))? else {
        return Ok(None);
    };
    let mut found = None;
    for (i, container) in containers.items().enumerate() {
        let path = format!("spec.containers[{i}]");
        let name = match container.kind() {
            Kind::Mapping => string_field(container, "name", format_args!("{path}.name"))?,
            _ => "",
        };
        let command = strings(container.get("command"), &format!("{path}.command"))?;
        let args = strings(container.get("args"), &format!("{path}.args"))?;
        let has_command = !command.is_empty();
        let mut words = command;
        words.extend(args);
        let at = words
            .iter()
            .position(|word| word.rsplit('/').next() == Some(program));
        if at.is_none() && name != program {
            continue;
        }
        let words = match at {
            // What stands before belongs to a program that starts the server.
            Some(at) => words.split_off(at + 1),
            None if !has_command => words,
            None => {
                let command = container.get("command").unwrap_or(container);
                return Err(DecodeError::at(
                    command,
                    format!(
                        "{path}.command: expected {program} as a word of its own; a shell's command line is not read"
                    ),
                ));
            }
        };
        if name == program || found.is_none() {
            found = Some(words);
        }
    }
    Ok(found)
}

fn strings(value: Option<Value<'_>>, path: &str) -> Result<Vec<String>, DecodeError> {
    let Some(items) = list(value, format_args!("{path}"))? else {
        return Ok(Vec::new());
    };
    let items = items.items().enumerate();
    items
        .map(|(i, item)| {
            let text = string(item, format_args!("{path}[{i}]"))?;
            Ok(text.unwrap_or("").to_owned())
        })
        .collect()
}

/// What kubeadm makes of its configuration: its own flags, as far as they are about who asks and what
/// they may do, and those of `apiServer.extraArgs`, which replace its own.
fn cluster_configuration(root: Value<'_>, api_version: &str) -> Result<Vec<String>, DecodeError> {
    let or = |text: &str, default: &str| match text {
        "" => default.to_owned(),
        text => text.to_owned(),
    };
    let certificates = string_field(root, "certificatesDir", format_args!("certificatesDir"))?;
    let certificates = or(certificates, "/etc/kubernetes/pki");
    let networking = mapping(root.get("networking"), format_args!("networking"))?;
    let domain = match networking {
        Some(networking) => string_field(
            networking,
            "dnsDomain",
            format_args!("networking.dnsDomain"),
        )?,
        None => "",
    };
    let domain = or(domain, "cluster.local");
    let extra = extra_args(root, api_version)?;
    let is_given = |name: &str| {
        extra
            .iter()
            .any(|(given, _)| given.replace('_', "-") == name)
    };
    let own = [
        ("authorization-mode", "Node,RBAC".to_owned()),
        ("client-ca-file", format!("{certificates}/ca.crt")),
        ("enable-bootstrap-token-auth", "true".to_owned()),
        (
            "requestheader-allowed-names",
            "front-proxy-client".to_owned(),
        ),
        (
            "requestheader-client-ca-file",
            format!("{certificates}/front-proxy-ca.crt"),
        ),
        (
            "requestheader-extra-headers-prefix",
            "X-Remote-Extra-".to_owned(),
        ),
        ("requestheader-group-headers", "X-Remote-Group".to_owned()),
        ("requestheader-username-headers", "X-Remote-User".to_owned()),
        (
            "service-account-issuer",
            format!("https://kubernetes.default.svc.{domain}"),
        ),
        ("service-account-key-file", format!("{certificates}/sa.pub")),
        (
            "service-account-signing-key-file",
            format!("{certificates}/sa.key"),
        ),
    ];
    let mut args: Vec<String> = own
        .iter()
        .filter(|(name, _)| !is_given(name))
        // kubeadm leaves the modes out where a file names the authorizers.
        .filter(|(name, _)| *name != "authorization-mode" || !is_given("authorization-config"))
        .map(|(name, value)| format!("--{name}={value}"))
        .collect();
    args.extend(
        extra
            .iter()
            .map(|(name, value)| format!("--{name}={value}")),
    );
    Ok(args)
}

/// `apiServer.extraArgs`: a mapping up to v1beta3, a list of names and values since.
fn extra_args(root: Value<'_>, api_version: &str) -> Result<Vec<(String, String)>, DecodeError> {
    let Some(server) = mapping(root.get("apiServer"), format_args!("apiServer"))? else {
        return Ok(Vec::new());
    };
    let Some(extra) = server.get("extraArgs").filter(|extra| !extra.is_null()) else {
        return Ok(Vec::new());
    };
    let path = "apiServer.extraArgs";
    let is_old = [
        "kubeadm.k8s.io/v1beta1",
        "kubeadm.k8s.io/v1beta2",
        "kubeadm.k8s.io/v1beta3",
    ]
    .contains(&api_version);
    if is_old {
        let entries = mapping(Some(extra), format_args!("{path}"))?;
        let entries = entries.into_iter().flat_map(Value::entries);
        return entries
            .map(|Entry { name, value, .. }| {
                let text = string(value, format_args!("{path}.{name}"))?;
                Ok((name.to_owned(), text.unwrap_or("").to_owned()))
            })
            .collect();
    }
    let items = list(Some(extra), format_args!("{path}"))?;
    let items = items.into_iter().flat_map(Value::items).enumerate();
    items
        .map(|(i, item)| {
            let Some(item) = mapping(Some(item), format_args!("{path}[{i}]"))? else {
                return Err(DecodeError::at(
                    item,
                    format!("{path}[{i}]: expected a mapping"),
                ));
            };
            let field = |name: &str| string_field(item, name, format_args!("{path}[{i}].{name}"));
            Ok((field("name")?.to_owned(), field("value")?.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn args(text: &str) -> Vec<String> {
        read("f", text).expect("flags").args
    }

    #[test]
    fn reads_a_pod_whose_command_is_split() {
        let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    command: [/go-runner, --log-file=/x, /usr/local/bin/kube-apiserver, --anonymous-auth]\n    args:\n    - --client-ca-file\n    - a.crt\n";
        assert_eq!(
            args(text),
            ["--anonymous-auth", "--client-ca-file", "a.crt"]
        );
        let shell = text.replace("/usr/local/bin/kube-apiserver", "'kube-apiserver --x'");
        let error = read("f", &shell.replace("name: x", "name: kube-apiserver"));
        let error = error.expect_err("a shell's line").to_string();
        assert!(
            error.starts_with("f:6:14: spec.containers[0].command"),
            "{error}"
        );
        assert_eq!(
            read("f", &shell).expect_err("no server").to_string()[..6],
            *"f:1:1:"
        );
    }

    #[test]
    fn reads_kubeadm_configurations() {
        let v1beta3 = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\n---\napiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\ncertificatesDir: /pki\napiServer:\n  extraArgs:\n    anonymous-auth: \"false\"\n    client-ca-file: /other.crt\n";
        let found = args(v1beta3);
        for flag in [
            "--authorization-mode=Node,RBAC",
            "--requestheader-client-ca-file=/pki/front-proxy-ca.crt",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            "--anonymous-auth=false",
            "--client-ca-file=/other.crt",
        ] {
            assert!(found.contains(&flag.to_owned()), "{flag}: {found:?}");
        }
        assert!(!found.contains(&"--client-ca-file=/pki/ca.crt".to_owned()));
        let v1beta4 = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer:\n  extraArgs:\n  - name: service-account-issuer\n    value: a\n  - name: service-account-issuer\n    value: b\n  - {name: authorization-config, value: /a.yaml}\n";
        let found = args(v1beta4);
        assert_eq!(
            found[found.len() - 3..],
            [
                "--service-account-issuer=a",
                "--service-account-issuer=b",
                "--authorization-config=/a.yaml"
            ]
        );
        assert!(
            !found
                .iter()
                .any(|flag| flag.starts_with("--authorization-mode"))
        );
    }

    #[test]
    fn reads_flag_files() {
        let text = "# flags\n\n  --a=b c\n--d e\r\n--f\n--g= \n";
        assert_eq!(args(text), ["--a=b c", "--d", "e", "--f", "--g= "]);
        assert_eq!(args("# nothing\n"), [""; 0]);
        let error = read("f", "--a\n  b=c\n").expect_err("no flag").to_string();
        assert_eq!(
            error,
            "f:2:3: expected --flag=value, a comment or an empty line"
        );
        assert!(read("f", "---\nkind: Service\napiVersion: v1\n").is_err());
    }
}
