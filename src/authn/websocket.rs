//! Bearer tokens of browsers, which can set no header on a WebSocket: a subprotocol carries them.

use crate::request::headers::Headers;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// Bits after the last byte do not matter to the server.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

const PREFIX: &str = "base64url.bearer.authorization.k8s.io.";

/// The token among the subprotocols of a WebSocket request, if there is one.
///
/// # Errors
/// What the server says of one that it cannot use.
pub fn token(headers: &Headers) -> Result<Option<String>, &'static str> {
    let websocket = headers.has_word("Connection", "upgrade")
        && headers.first("Upgrade").eq_ignore_ascii_case("websocket");
    if !websocket {
        return Ok(None);
    }
    let (mut token, mut seen, mut others) = (String::new(), false, false);
    let lines = headers.all("Sec-WebSocket-Protocol");
    for protocol in lines.flat_map(|line| line.split(',')).map(str::trim) {
        let Some(encoded) = protocol.strip_prefix(PREFIX) else {
            others = true;
            continue;
        };
        if seen {
            return Err("multiple base64.bearer.authorization tokens specified");
        }
        seen = true;
        let decoded = BASE64
            .decode(encoded)
            .map_err(|_| "invalid base64.bearer.authorization token encoding")?;
        token =
            String::from_utf8(decoded).map_err(|_| "invalid base64.bearer.authorization token")?;
    }
    match (token.is_empty(), others) {
        (true, _) => Ok(None),
        (false, false) => Err("missing additional subprotocol"),
        (false, true) => Ok(Some(token)),
    }
}
