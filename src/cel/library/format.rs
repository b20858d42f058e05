//! `'…'.format([…])`, and what of it is checked before it runs.

use super::text::{double, quoted};
use crate::cel::ast::{Expr, Kind};
use crate::cel::checker::Checked;
use crate::cel::eval::{EvalError, Evaluated, MAX_BYTES};
use crate::cel::types::Type;
use crate::cel::value::{List, Value};

/// A clause of a format string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    String,
    Decimal,
    Fixed(Option<usize>),
    Scientific(Option<usize>),
    Binary,
    Hex(bool),
    Octal,
}

impl Clause {
    fn refuses(self, given: &str) -> String {
        let what = match self {
            Clause::String => {
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps"
            }
            Clause::Decimal => "decimal clause can only be used on integers",
            Clause::Fixed(_) => "fixed-point clause can only be used on doubles",
            Clause::Scientific(_) => "scientific clause can only be used on doubles",
            Clause::Binary => "only integers and bools can be formatted as binary",
            Clause::Hex(_) => "only integers, byte buffers, and strings can be formatted as hex",
            Clause::Octal => "octal clause can only be used on integers",
        };
        format!("{what}, was given {given}")
    }
}

/// Walks over a format string: text is given to one function, clauses with the number of their argument to another.
fn walk(
    template: &str,
    count: usize,
    mut text: impl FnMut(&str),
    mut clause: impl FnMut(Clause, usize) -> Result<String, Fault>,
) -> Result<usize, Fault> {
    let mut rest = template;
    let mut argument = 0;
    while let Some(at) = rest.find('%') {
        text(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            text("%");
            rest = after;
            continue;
        }
        if argument >= count {
            return Err(Fault::plain(format!("index {argument} out of range")));
        }
        if rest.is_empty() {
            return Err(Fault::plain("unexpected end of string"));
        }
        let (read, after) = parse_clause(rest)
            .map_err(|error| Fault::plain(format!("could not parse formatting clause: {error}")))?;
        rest = after;
        text(&clause(read, argument)?);
        argument += 1;
    }
    text(rest);
    Ok(argument)
}

fn parse_clause(text: &str) -> Result<(Clause, &str), String> {
    let mut rest = text;
    let mut precision = None;
    if let Some(after) = rest.strip_prefix('.') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits == after.len() {
            return Err(
                "error while parsing precision: could not find end of precision specifier"
                    .to_owned(),
            );
        }
        let number = &after[..digits];
        precision = Some(number.parse::<usize>().map_err(|_| {
            let why = if number.is_empty() { "invalid syntax" } else { "value out of range" };
            format!(
                "error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing {}: {why}",
                quoted(number)
            )
        })?);
        rest = &after[digits..];
    }
    let byte = rest.as_bytes()[0];
    let clause = match byte {
        b's' => Clause::String,
        b'd' => Clause::Decimal,
        b'f' => Clause::Fixed(precision),
        b'e' => Clause::Scientific(precision),
        b'b' => Clause::Binary,
        b'x' => Clause::Hex(false),
        b'X' => Clause::Hex(true),
        b'o' => Clause::Octal,
        // Go takes the first byte for a character.
        other => {
            return Err(format!(
                "unrecognized formatting clause \"{}\"",
                other as char
            ));
        }
    };
    Ok((clause, &rest[1..]))
}

/// What is wrong, and with which argument if it is one's fault.
pub(in crate::cel) struct Fault {
    pub message: String,
    /// The part of the tree, by place, that is to blame.
    pub place: Option<Option<u32>>,
}

impl Fault {
    fn plain(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
        }
    }

    fn formatting(error: &str) -> Self {
        Self::plain(format!("error during formatting: {error}"))
    }
}

/// Formats values.
pub(super) fn format(template: &str, args: &List) -> Evaluated {
    let mut out = String::new();
    let mut size = 0usize;
    walk(
        template,
        args.items().len(),
        |text| {
            size = size.saturating_add(text.len());
            if size <= MAX_BYTES {
                out.push_str(text);
            }
        },
        |clause, argument| {
            let value = args.items().get(argument).cloned().unwrap_or(Value::Null);
            formatted(clause, &value).map_err(|error| Fault::formatting(&error))
        },
    )
    .map_err(|fault| EvalError::new(fault.message))?;
    if size > MAX_BYTES {
        return Err(EvalError::cost());
    }
    super::text(out)
}

fn formatted(clause: Clause, value: &Value) -> Result<String, String> {
    let refused = || clause.refuses(value.type_name());
    match clause {
        Clause::String => string(value).ok_or_else(refused),
        Clause::Decimal => match value {
            Value::Int(_) | Value::Uint(_) => Ok(super::text::go_text(value)),
            _ => Err(refused()),
        },
        Clause::Fixed(precision) | Clause::Scientific(precision) => {
            let d = match value {
                Value::Double(d) => *d,
                Value::String(s) if matches!(&**s, "NaN" | "Infinity" | "-Infinity") => {
                    match &**s {
                        "NaN" => f64::NAN,
                        "Infinity" => f64::INFINITY,
                        _ => f64::NEG_INFINITY,
                    }
                }
                _ => return Err(refused()),
            };
            let precision = precision.unwrap_or(6).min(1000);
            if d.is_nan() {
                return Ok("NaN".to_owned());
            }
            if d.is_infinite() {
                return Ok(if d > 0.0 { "∞" } else { "-∞" }.to_owned());
            }
            if matches!(clause, Clause::Fixed(_)) {
                Ok(grouped(&format!("{d:.precision$}")))
            } else {
                let text = format!("{d:.precision$e}");
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (sign, digits) = match exponent.strip_prefix('-') {
                    Some(digits) => ('\u{2212}', digits),
                    None => ('+', exponent),
                };
                // The printer of golang.org/x/text writes powers of ten out.
                Ok(format!(
                    "{mantissa}\u{202f}×\u{202f}10{}",
                    superscript(sign, digits)
                ))
            }
        }
        Clause::Binary => match value {
            Value::Int(n) => Ok(signed(*n, |m| format!("{m:b}"))),
            Value::Uint(n) => Ok(format!("{n:b}")),
            Value::Bool(b) => Ok(u8::from(*b).to_string()),
            _ => Err(refused()),
        },
        Clause::Octal => match value {
            Value::Int(n) => Ok(signed(*n, |m| format!("{m:o}"))),
            Value::Uint(n) => Ok(format!("{n:o}")),
            _ => Err(refused()),
        },
        Clause::Hex(upper) => {
            let text = match value {
                Value::Int(n) => signed(*n, |m| format!("{m:x}")),
                Value::Uint(n) => format!("{n:x}"),
                Value::String(s) => s.bytes().map(|b| format!("{b:02x}")).collect(),
                Value::Bytes(bytes) => bytes.iter().map(|b| format!("{b:02x}")).collect(),
                _ => return Err(refused()),
            };
            Ok(if upper {
                text.to_ascii_uppercase()
            } else {
                text
            })
        }
    }
}

fn signed(n: i64, show: impl Fn(u64) -> String) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}", show(n.unsigned_abs()))
}

/// The English printer of golang.org/x/text puts commas between thousands.
fn grouped(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn superscript(sign: char, digits: &str) -> String {
    let digits = if digits.len() < 2 {
        format!("0{digits}")
    } else {
        digits.to_owned()
    };
    let sign = if sign == '+' {
        String::new()
    } else {
        "⁻".to_owned()
    };
    let raised = digits.chars().map(|c| match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    });
    sign + &raised.collect::<String>()
}

fn string(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::List(list) => list_text(list)?,
        Value::Map(map) => {
            let mut parts = Vec::new();
            for (key, value) in map.entries.iter() {
                parts.push((inner(&key.to_value())?, inner(value)?));
            }
            parts.sort();
            let parts: Vec<String> = parts.iter().map(|(k, v)| format!("{k}:{v}")).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Double(d) => double(*d),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        Value::Optional(_) | Value::Opaque(_) | Value::Object(_) => return None,
        other => super::text::go_text(other),
    })
}

fn list_text(list: &List) -> Option<String> {
    let parts: Option<Vec<String>> = list.items().iter().map(inner).collect();
    Some(format!("[{}]", parts?.join(", ")))
}

/// A value within a list or map, as CEL writes it.
fn inner(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(s) => quoted(s),
        Value::Bytes(bytes) => format!("b{}", quoted(std::str::from_utf8(bytes).ok()?)),
        Value::Timestamp(_) => format!("timestamp({})", quoted(&string(value)?)),
        Value::Duration(_) => format!("duration({})", quoted(&string(value)?)),
        Value::Double(d) if d.is_finite() => format!("{d:.6}"),
        Value::Double(d) => quoted(&double(*d)),
        other => string(other)?,
    })
}

/// Checks a call whose format and list are literals.
///
/// # Errors
/// What does not fit, and where.
pub(in crate::cel) fn check_literal(
    template: &str,
    args: &[(Expr, bool)],
    checked: &Checked,
) -> Result<(), Fault> {
    let used = walk(
        template,
        args.len(),
        |_| {},
        |clause, argument| {
            let arg = &args[argument].0;
            verify(clause, arg, checked)
                .map(|()| String::new())
                .map_err(|(given, place)| Fault {
                    place: Some(place),
                    ..Fault::formatting(&clause.refuses(given))
                })
        },
    )?;
    if args.len() > used {
        return Err(Fault::plain(format!(
            "too many arguments supplied to string.format (expected {used}, got {})",
            args.len()
        )));
    }
    Ok(())
}

fn verify(
    clause: Clause,
    arg: &Expr,
    checked: &Checked,
) -> Result<(), (&'static str, Option<u32>)> {
    let t = checked.types.get(&arg.id).cloned().unwrap_or(Type::Dyn);
    let integer = matches!(t, Type::Int | Type::Uint);
    let fits = t == Type::Dyn
        || match clause {
            Clause::String => matches!(
                t,
                Type::List(_)
                    | Type::Map(..)
                    | Type::Int
                    | Type::Uint
                    | Type::Double
                    | Type::Bool
                    | Type::String
                    | Type::Timestamp
                    | Type::Bytes
                    | Type::Duration
                    | Type::Type(_)
                    | Type::Null
            ),
            Clause::Decimal | Clause::Octal => integer,
            Clause::Fixed(_) | Clause::Scientific(_) => matches!(t, Type::Double | Type::String),
            Clause::Binary => integer || t == Type::Bool,
            Clause::Hex(_) => integer || matches!(t, Type::String | Type::Bytes),
        };
    if !fits {
        return Err((t.name(), arg.at));
    }
    if clause == Clause::String {
        match &arg.kind {
            Kind::List(elements) => {
                for (element, _) in elements {
                    verify(clause, element, checked)?;
                }
            }
            Kind::Map(entries) => {
                for entry in entries {
                    verify(clause, &entry.key, checked)?;
                    verify(clause, &entry.value, checked)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
