//! A whole request, and what the server's HTTP layer answers before any of its filters sees it (Go's
//! `net/http`).

use super::headers::Headers;
use super::target::Target;

/// A request as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'r> {
    /// The method.
    pub method: &'r str,
    /// The target of the request line: path and query.
    pub target: &'r str,
    /// The header lines.
    pub headers: &'r Headers,
    /// The body.
    pub body: &'r [u8],
}

/// What the HTTP layer answers to a request that it does not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The status code.
    pub code: u16,
    /// The body, plain text.
    pub text: &'static str,
    /// What is wrong, for people.
    pub why: &'static str,
}

/// Request line and header lines together may have so many bytes (`MaxHeaderBytes` and a reserve).
pub const MAX_HEAD: usize = (1 << 20) + 4096;

const BAD_REQUEST: &str = "400 Bad Request";

impl<'r> HttpRequest<'r> {
    /// Checks the head of the request and reads its target.
    ///
    /// # Errors
    /// The answer of the HTTP layer.
    pub fn head(&self) -> Result<Target<'r>, Malformed> {
        let bad = |text, why| Malformed {
            code: 400,
            text,
            why,
        };
        let lines = self.headers.lines();
        let size = lines.fold(
            self.method.len() + self.target.len() + "  HTTP/1.1\r\n\r\n".len(),
            |size, (name, value)| size + name.len() + value.len() + ": \r\n".len(),
        );
        if size > MAX_HEAD {
            return Err(Malformed {
                code: 431,
                text: "431 Request Header Fields Too Large",
                why: "request line and headers are larger than the server reads (1 MiB)",
            });
        }
        if self.method.is_empty() || !self.method.bytes().all(is_token) {
            return Err(bad(BAD_REQUEST, "the method is no HTTP method"));
        }
        let target = Target::parse(self.target).ok_or(bad(
            BAD_REQUEST,
            "the path is none that an HTTP server reads: it must begin with a slash and hold no space, no control character and no percent sign that is no escape",
        ))?;
        for (name, value) in self.headers.lines() {
            if name.is_empty() || !name.bytes().all(|b| is_token(b) || b == b' ') {
                return Err(bad(BAD_REQUEST, "a header's name is no HTTP token"));
            }
            if name.contains(' ') {
                return Err(bad(
                    "400 Bad Request: invalid header name",
                    "a header's name holds a space",
                ));
            }
            if value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f) {
                return Err(bad(
                    BAD_REQUEST,
                    "a header's value holds a control character",
                ));
            }
        }
        Ok(target)
    }
}

/// A byte of a token (RFC 9110).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(method: &str, target: &str, headers: &[(&str, &str)]) -> u16 {
        let headers = Headers::from_iter(headers.iter().copied());
        let request = HttpRequest {
            method,
            target,
            headers: &headers,
            body: b"",
        };
        request.head().map_or_else(|bad| bad.code, |_| 200)
    }

    #[test]
    fn heads() {
        assert_eq!(code("GET", "/", &[("A", "b\u{e9}\tc")]), 200);
        assert_eq!(code("pRoPfInD", "/", &[]), 200);
        assert_eq!(code("", "/", &[]), 400);
        assert_eq!(code("G T", "/", &[]), 400);
        assert_eq!(code("GET", "x", &[]), 400);
        assert_eq!(code("GET", "/", &[("", "b")]), 400);
        assert_eq!(code("GET", "/", &[("A b", "b")]), 400);
        assert_eq!(code("GET", "/", &[("A", "b\r\nC: d")]), 400);
        assert_eq!(code("GET", "/", &[("A", "b\0")]), 400);
        assert_eq!(code("GET", &format!("/{}", "x".repeat(MAX_HEAD)), &[]), 431);
    }
}
