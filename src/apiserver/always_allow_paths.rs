//! `--authorization-always-allow-paths` of components that ask the API server, such as
//! kube-controller-manager: paths that anybody may ask for (`pkg/authorization/path`).

use crate::model::{Quoted, Request};

/// What is always allowed where the flag is absent.
pub const DEFAULT: [&str; 3] = ["/healthz", "/readyz", "/livez"];

/// The paths. Neither method nor user count, and only requests for a path are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlwaysAllowPaths {
    paths: Vec<String>,
    prefixes: Vec<String>,
}

impl AlwaysAllowPaths {
    /// Reads the values of the flag: whole paths, or beginnings of paths before a star. One slash in front
    /// may be left out.
    ///
    /// # Errors
    /// The server's words for a star that is not at the end.
    pub fn new<S: AsRef<str>>(values: &[S]) -> Result<Self, String> {
        let mut allowed = AlwaysAllowPaths::default();
        for value in values {
            let path = without_slash(value.as_ref());
            let prefix = path.strip_suffix('*');
            if prefix.unwrap_or(path).contains('*') {
                return Err(format!("only trailing * allowed in {}", Quoted(path)));
            }
            match prefix {
                Some(prefix) => allowed.prefixes.push(prefix.to_owned()),
                None => allowed.paths.push(path.to_owned()),
            }
        }
        Ok(allowed)
    }

    /// Whether it lets a request through.
    pub fn allow(&self, request: &Request<'_>) -> bool {
        let Request::NonResource { path, .. } = request else {
            return false;
        };
        let path = without_slash(path);
        self.paths.iter().any(|allowed| allowed == path)
            || self
                .prefixes
                .iter()
                .any(|prefix| path.starts_with(&**prefix))
    }
}

fn without_slash(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{AlwaysAllowPaths, DEFAULT};
    use crate::model::Request;

    #[test]
    fn lets_through_what_it_names() {
        let cases: [(&[&str], &str, bool); 12] = [
            (&DEFAULT, "/healthz", true),
            (&DEFAULT, "/healthz/", false),
            (&DEFAULT, "//healthz", false),
            (&["/foo/*"], "/foo", false),
            (&["/foo/*"], "/foo/", true),
            (&["/foo*"], "/foobar", true),
            (&["foo"], "/foo", true),
            (&["//foo"], "//foo", true),
            (&["//foo"], "/foo", false),
            (&["/"], "/", true),
            (&["/"], "/x", false),
            (&["*"], "/any", true),
        ];
        for (values, path, allowed) in cases {
            let paths = AlwaysAllowPaths::new(values).expect("paths");
            let request = Request::NonResource { verb: "get", path };
            assert_eq!(paths.allow(&request), allowed, "{values:?} {path}");
        }
        let star = AlwaysAllowPaths::new(&["*"]).expect("paths");
        assert!(!star.allow(&Request::Resource {
            verb: "get",
            group: "",
            resource: "pods",
            subresource: "",
            namespace: "",
            name: "",
        }));
    }

    #[test]
    fn a_star_stands_at_the_end() {
        for (value, shown) in [("/a/*/b", "a/*/b"), ("foo/**", "foo/**"), ("*/x", "*/x")] {
            let error = AlwaysAllowPaths::new(&[value]).expect_err(value);
            assert_eq!(error, format!("only trailing * allowed in \"{shown}\""));
        }
    }
}
