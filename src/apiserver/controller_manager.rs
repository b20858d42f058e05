//! kube-controller-manager, as far as it is about who may ask it: it lets paths through and leaves the rest
//! to the API server (`DelegatingAuthorizationOptions` of kubernetes/apiserver).

use super::CommandLine;
use super::always_allow_paths::{AlwaysAllowPaths, DEFAULT};
use super::flags::parse_list;

/// How it authorizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// The paths that anybody may ask for.
    pub always_allow_paths: AlwaysAllowPaths,
    /// Whether it asks the API server about all else; without, all else is refused.
    pub asks_api_server: bool,
}

/// Reads its flags. Those of other parts are not looked at.
///
/// # Errors
/// The words with which it refuses to start.
pub fn delegation(line: &CommandLine) -> Result<Delegation, String> {
    const PATHS: &str = "authorization-always-allow-paths";
    let given = line.values(PATHS);
    let mut paths = Vec::new();
    for &value in &given {
        paths.extend(parse_list(value).map_err(|error| {
            let value = crate::model::Quoted(value);
            format!("invalid argument {value} for \"--{PATHS}\" flag: {error}")
        })?);
    }
    let always_allow_paths = match given.is_empty() {
        true => AlwaysAllowPaths::new(&DEFAULT)?,
        false => AlwaysAllowPaths::new(&paths)?,
    };
    let kubeconfig = line.values("authorization-kubeconfig");
    Ok(Delegation {
        always_allow_paths,
        asks_api_server: kubeconfig.last().is_some_and(|path| !path.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::delegation;
    use crate::apiserver::CommandLine;
    use crate::apiserver::flags::Program;
    use crate::model::Request;

    fn allows(args: &[&str], path: &str) -> bool {
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        let line = CommandLine::of(Program::ControllerManager, args);
        let delegation = delegation(&line).expect("good flags");
        let request = Request::NonResource { verb: "get", path };
        delegation.always_allow_paths.allow(&request)
    }

    #[test]
    fn given_paths_replace_the_default() {
        assert!(allows(&["--leader-elect", "--v", "2"], "/livez"));
        let twice = [
            "--authorization-always-allow-paths=/metrics",
            "--authorization_always_allow_paths",
            "/configz,//healthz",
        ];
        for (path, allowed) in [("/metrics", true), ("/configz", true), ("/healthz", false)] {
            assert_eq!(allows(&twice, path), allowed, "{path}");
        }
        assert!(!allows(&["--authorization-always-allow-paths="], "/livez"));
    }
}
