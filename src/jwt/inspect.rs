//! A look into a token without any judgement.

use super::decode;
use serde_json::Value;

/// What a token says, verified by nobody.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// Whether there is a signature.
    pub signed: bool,
}

/// Why there is nothing to see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InspectError {
    /// Not three parts.
    #[error("not a JSON Web Token: it has {0} parts between dots instead of three")]
    Parts(usize),
    /// A part is no base64url.
    #[error("not a JSON Web Token: its {0} is not base64url")]
    Encoding(&'static str),
    /// A part is no JSON.
    #[error("not a JSON Web Token: its {0} is not JSON: {1}")]
    Json(&'static str, String),
}

/// Shows what a token says. White space does not count, of equal keys the last one is shown.
///
/// # Errors
/// [`InspectError`] if it is none.
pub fn inspect(token: &str) -> Result<Inspection, InspectError> {
    let token: String = token.split_whitespace().collect();
    let parts: Vec<&str> = token.splitn(1000, '.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(InspectError::Parts(parts.len()));
    };
    let json = |name, text: &str| {
        let bytes = decode(text.trim_end_matches('=')).map_err(|_| InspectError::Encoding(name))?;
        let text = String::from_utf8_lossy(&bytes);
        serde_json::from_str(&text).map_err(|error| InspectError::Json(name, error.to_string()))
    };
    Ok(Inspection {
        header: json("header", header)?,
        claims: json("payload", claims)?,
        signed: !signature.is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_or_says_why_not() {
        let shown = inspect(" eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0=.\n");
        assert_eq!(
            shown,
            Ok(Inspection {
                header: serde_json::json!({"alg": "none"}),
                claims: serde_json::json!({"iss": "a"}),
                signed: false,
            })
        );
        assert_eq!(inspect("a.b"), Err(InspectError::Parts(2)));
        assert_eq!(inspect("!.e30."), Err(InspectError::Encoding("header")));
        let error = inspect("e30.YQ.").map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("its payload is not JSON")));
    }
}
