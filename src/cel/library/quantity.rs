//! Quantities of resources, as `k8s.io/apimachinery/pkg/api/resource` reads them.

use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::opaque::Opaque;
use crate::cel::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// A quantity. What fits is a number and a power of ten, and asked for a whole number as such; else billionths.
#[derive(Clone, Copy, Debug)]
pub enum Quantity {
    /// `value * 10^scale`.
    Scaled {
        /// The number.
        value: i64,
        /// The power of ten.
        scale: i32,
    },
    /// Billionths.
    Nanos(i128),
}

const NANO: i128 = 1_000_000_000;
const FORMAT: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMERIC: &str = "unable to parse numeric part of quantity";
const SUFFIX: &str = "unable to parse quantity's suffix";

impl Quantity {
    fn nanos(self) -> i128 {
        match self {
            Quantity::Nanos(n) => n,
            Quantity::Scaled { value, scale } => shifted(i128::from(value), scale + 9),
        }
    }

    pub(in crate::cel) fn compare(&self, other: &Self) -> Ordering {
        self.nanos().cmp(&other.nanos())
    }

    fn as_int(self) -> Option<i64> {
        match self {
            Quantity::Scaled { value: 0, .. } => Some(0),
            Quantity::Scaled { value, scale } if scale >= 0 => {
                value.checked_mul(10i64.checked_pow(scale as u32)?)
            }
            _ => None,
        }
    }

    fn as_float(self) -> f64 {
        match self {
            Quantity::Scaled { value, scale } => value as f64 * 10f64.powi(scale),
            Quantity::Nanos(n) => n as f64 / 1e9,
        }
    }

    fn plus(self, other: Self) -> Self {
        if let (Quantity::Scaled { value: a, scale: s }, Quantity::Scaled { value: b, scale: t }) =
            (self, other)
        {
            if b == 0 {
                return self;
            }
            if a == 0 {
                return other;
            }
            let low = s.min(t);
            let bring = |value: i64, scale: i32| {
                value.checked_mul(10i64.checked_pow((scale - low) as u32)?)
            };
            if let (Some(a), Some(b)) = (bring(a, s), bring(b, t))
                && let Some(value) = a.checked_add(b)
            {
                return Quantity::Scaled { value, scale: low };
            }
        }
        Quantity::Nanos(self.nanos().saturating_add(other.nanos()))
    }

    fn negated(self) -> Self {
        match self {
            Quantity::Scaled { value, scale } => match value.checked_neg() {
                Some(value) => Quantity::Scaled { value, scale },
                None => Quantity::Nanos(-self.nanos()),
            },
            Quantity::Nanos(n) => Quantity::Nanos(-n),
        }
    }
}

/// Times a power of ten; what is lost rounds away from zero, and nothing exceeds the largest quantity.
fn shifted(value: i128, by: i32) -> i128 {
    let limit = i128::from(i64::MAX) * NANO;
    if by >= 0 {
        let scaled = 10i128
            .checked_pow(by as u32)
            .and_then(|power| value.checked_mul(power))
            .unwrap_or(if value == 0 {
                0
            } else {
                limit * value.signum()
            });
        return scaled.min(limit);
    }
    match 10i128.checked_pow(by.unsigned_abs()) {
        Some(power) => {
            value / power
                + if value % power == 0 {
                    0
                } else {
                    value.signum()
                }
        }
        None => value.signum(),
    }
}

/// Base, exponent.
fn suffix(text: &str) -> Option<(u32, i32)> {
    Some(match text {
        "n" => (10, -9),
        "u" => (10, -6),
        "m" => (10, -3),
        "" => (10, 0),
        "k" => (10, 3),
        "M" => (10, 6),
        "G" => (10, 9),
        "T" => (10, 12),
        "P" => (10, 15),
        "E" => (10, 18),
        "Ki" => (2, 10),
        "Mi" => (2, 20),
        "Gi" => (2, 30),
        "Ti" => (2, 40),
        "Pi" => (2, 50),
        "Ei" => (2, 60),
        _ => {
            let exponent = text.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            (10, exponent.parse::<i64>().ok()? as i32)
        }
    })
}

fn parse(text: &str) -> Result<Quantity, &'static str> {
    if text.is_empty() {
        return Err(FORMAT);
    }
    if text == "0" {
        return Ok(Quantity::Scaled { value: 0, scale: 0 });
    }
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let stripped = unsigned.trim_start_matches('0');
    let count = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (num, rest) = stripped.split_at(count(stripped));
    let (denom, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(count(rest)),
        None => ("", rest),
    };
    let tail = rest.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let tail = tail.strip_prefix(['+', '-']).unwrap_or(tail);
    if !tail.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FORMAT);
    }
    let (base, exponent) = suffix(rest).ok_or(SUFFIX)?;
    if num.is_empty()
        && denom.is_empty()
        && !unsigned.bytes().any(|b| b.is_ascii_digit())
        && rest.is_empty()
    {
        // A sign or a dot alone has no digits, and counts as nothing.
        if !unsigned.contains('.') && unsigned.is_empty() {
            return Err(NUMERIC);
        }
    }
    let num = if num.is_empty() { "0" } else { num };
    let sign = if negative { -1 } else { 1 };
    let fits = match base {
        10 => num.len() + denom.len() <= 18,
        _ => denom.is_empty() && num.len() <= 15 - exponent as usize * 3 / 10,
    };
    if fits {
        let mantissa: i64 = if base == 2 { 1 << exponent } else { 1 };
        let scale = if base == 2 { 0 } else { exponent };
        let scale = scale.saturating_sub(denom.len() as i32);
        if scale >= -9 {
            let value: i64 = format!("{num}{denom}").parse().map_err(|_| NUMERIC)?;
            if let Some(value) = value.checked_mul(mantissa) {
                return Ok(Quantity::Scaled {
                    value: value * sign,
                    scale,
                });
            }
        }
    }
    let digits: String = format!("{num}{denom}");
    let limit = i128::from(i64::MAX) * NANO;
    // What has more digits than any quantity is the largest one.
    let nanos = if digits.trim_start_matches('0').len() > 30 && base == 10 && exponent >= 0 {
        limit
    } else {
        let kept: String = digits.chars().take(36).collect();
        let dropped = digits.len() - kept.len();
        let value: i128 = kept.parse().map_err(|_| NUMERIC)?;
        let scale = if base == 10 { exponent } else { 0 };
        let by = scale
            .saturating_sub(denom.len() as i32)
            .saturating_add(dropped as i32)
            .saturating_add(9);
        if base == 2 {
            let times = value.saturating_mul(1i128 << exponent);
            shifted(times, by)
        } else {
            shifted(value, by)
        }
    };
    Ok(Quantity::Nanos(nanos.min(limit) * i128::from(sign)))
}

/// Runs a function over quantities.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    let wrap = |q: Quantity| Value::Opaque(Arc::new(Opaque::Quantity(q)));
    match (overload, args) {
        ("string_to_quantity", [Value::String(s)]) => {
            return Some(parse(s).map(wrap).map_err(EvalError::new));
        }
        ("is_quantity_string", [Value::String(s)]) => {
            return Some(Ok(Value::Bool(parse(s).is_ok())));
        }
        _ => {}
    }
    let quantity = |value: &Value| match value {
        Value::Opaque(opaque) => match &**opaque {
            Opaque::Quantity(q) => Some(*q),
            _ => None,
        },
        Value::Int(n) => Some(Quantity::Scaled {
            value: *n,
            scale: 0,
        }),
        _ => None,
    };
    let Value::Opaque(_) = args.first()? else {
        return None;
    };
    let first = quantity(args.first()?)?;
    let other = args.get(1).and_then(quantity);
    let order = other.map(|other| first.compare(&other));
    Some(Ok(match (overload, order, other) {
        ("quantity_sign", ..) => Value::Int(first.nanos().signum() as i64),
        ("quantity_is_greater_than", Some(order), _) => Value::Bool(order == Ordering::Greater),
        ("quantity_is_less_than", Some(order), _) => Value::Bool(order == Ordering::Less),
        ("quantity_compare_to", Some(order), _) => Value::Int(order as i64),
        ("quantity_get_float", ..) => Value::Double(first.as_float()),
        ("quantity_get_int", ..) => match first.as_int() {
            Some(n) => Value::Int(n),
            None => return Some(Err(EvalError::new("cannot convert value to integer"))),
        },
        ("quantity_is_integer", ..) => Value::Bool(first.as_int().is_some()),
        ("quantity_add" | "quantity_add_int", _, Some(other)) => wrap(first.plus(other)),
        ("quantity_sub" | "quantity_sub_int", _, Some(other)) => wrap(first.plus(other.negated())),
        _ => return None,
    }))
}
