//! What a quoted string or bytes literal stands for.

use crate::cel::ast::Literal;

const BAD: &str = "unable to unescape string";
const NO_CODE_POINT: &str = "invalid unicode code point";

/// Takes off quotes and resolves escapes.
///
/// # Errors
/// cel-go's words.
pub(super) fn unescape(text: &str, bytes: bool) -> Result<Literal, String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let raw = text.starts_with(['r', 'R']);
    let text = if raw { &text[1..] } else { &text[..] };
    let triple = text.len() >= 6 && (text.starts_with("\"\"\"") || text.starts_with("'''"));
    let quotes = if triple { 3 } else { 1 };
    let inner = text
        .get(quotes..text.len().saturating_sub(quotes))
        .ok_or(BAD)?;
    let mut out = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' || raw {
            push(&mut out, c as u32)?;
            continue;
        }
        let escape = chars.next().ok_or(BAD)?;
        let mut digits = |count: usize, radix: u32, first: u32| {
            (0..count).try_fold(first, |value, _| {
                let digit = chars.next().and_then(|c| c.to_digit(radix)).ok_or(BAD)?;
                Ok::<u32, String>(value.wrapping_mul(radix).wrapping_add(digit))
            })
        };
        // In bytes, `\x` and octal digits are one byte, in strings a code point.
        let octet = match escape {
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            '\\' | '\'' | '"' | '`' | '?' => escape as u32,
            'x' | 'X' => digits(2, 16, 0)?,
            '0'..='3' => {
                let first = escape.to_digit(8).ok_or(BAD)?;
                digits(2, 8, first)?
            }
            'u' | 'U' if !bytes => {
                let code = digits(if escape == 'u' { 4 } else { 8 }, 16, 0)?;
                push(&mut out, code)?;
                continue;
            }
            _ => return Err(BAD.to_owned()),
        };
        if bytes {
            out.push(u8::try_from(octet).map_err(|_| BAD)?);
        } else {
            push(&mut out, octet)?;
        }
    }
    if bytes {
        return Ok(Literal::Bytes(out));
    }
    Ok(Literal::String(String::from_utf8(out).map_err(|_| BAD)?))
}

fn push(out: &mut Vec<u8>, code: u32) -> Result<(), String> {
    let c = char::from_u32(code).ok_or(NO_CODE_POINT)?;
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}
