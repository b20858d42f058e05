//! Runs checked trees with cel-go's semantics, its words for errors, and its limit of cost.

use super::ast::{Expr, Fold, Kind, Literal};
use super::checker::Checked;
use super::functions;
use super::value::{Key, List, Map, Value, whole};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `PerCallLimit` of `k8s.io/apiserver/pkg/apis/cel`.
const COST_LIMIT: u64 = 1_000_000;
/// No honest value is as large; the real server would run out of memory.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    message: String,
    /// Ends everything: `||` and `&&` do not absorb it.
    cancelled: bool,
}

impl EvalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            cancelled: false,
        }
    }

    pub(super) fn no_overload() -> Self {
        Self::new("no such overload")
    }

    pub(super) fn cost() -> Self {
        Self {
            message: "operation cancelled: actual cost limit exceeded".to_owned(),
            cancelled: true,
        }
    }

    /// Whether the cost limit was hit.
    #[must_use]
    pub fn is_cost_limit(&self) -> bool {
        self.cancelled
    }
}

pub(super) type Evaluated = Result<Value, EvalError>;

/// One run of an expression.
pub(super) struct Run<'a> {
    checked: &'a Checked,
    variable: &'a str,
    input: &'a Value,
    scopes: Vec<(&'a str, Value)>,
    cost: u64,
    /// Cost does not count while constants are folded.
    free: bool,
}

/// Evaluates a tree about an input.
pub(super) fn evaluate(
    expr: &Expr,
    checked: &Checked,
    variable: &str,
    input: &Value,
    free: bool,
) -> Evaluated {
    Run {
        checked,
        variable,
        input,
        scopes: Vec::new(),
        cost: 0,
        free,
    }
    .eval(expr)
}

impl<'a> Run<'a> {
    fn charge(&mut self, cost: u64) -> Result<(), EvalError> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > COST_LIMIT && !self.free {
            return Err(EvalError::cost());
        }
        Ok(())
    }

    fn eval(&mut self, expr: &'a Expr) -> Evaluated {
        match &expr.kind {
            Kind::Unspecified => Err(EvalError::new("unspecified expression")),
            Kind::Literal(literal) => Ok(constant(literal)),
            Kind::Ident(name) => self.ident(expr, name),
            Kind::Select {
                operand,
                field,
                test_only,
            } => {
                let operand = self.eval(operand)?;
                let key = Value::from(field.as_str());
                if *test_only {
                    return present(&operand, &key).map(Value::Bool);
                }
                self.charge(1)?;
                select(&operand, &key, false)
            }
            Kind::Call {
                function,
                target,
                args,
            } => self.call(expr, function, target.as_deref(), args),
            Kind::List(elements) => self.list(elements),
            Kind::Map(_) => self.map(expr),
            Kind::Struct { name, .. } => Err(EvalError::new(format!("unknown type '{name}'"))),
            Kind::Fold(fold) => self.fold(fold),
        }
    }

    fn ident(&mut self, expr: &'a Expr, name: &str) -> Evaluated {
        if let Some((_, value)) = self.scopes.iter().rev().find(|(n, _)| *n == name) {
            let value = value.clone();
            self.charge(1)?;
            return Ok(value);
        }
        if let Some(named) = self.checked.type_names.get(&expr.id) {
            return Ok(Value::Type(Arc::from(named.name())));
        }
        self.charge(1)?;
        if name == self.variable {
            return Ok(self.input.clone());
        }
        Err(EvalError::new(format!("no such attribute(s): {name}")))
    }

    fn list(&mut self, elements: &'a [(Expr, bool)]) -> Evaluated {
        let mut items = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let value = self.eval(element)?;
            if !optional {
                items.push(value);
                continue;
            }
            match value {
                Value::Optional(Some(inner)) => items.push((*inner).clone()),
                Value::Optional(None) => {}
                other => {
                    return Err(EvalError::new(format!(
                        "cannot initialize optional list element from non-optional value {}",
                        functions::go_text(&other)
                    )));
                }
            }
        }
        if elements.iter().any(|(e, _)| !is_constant(e)) {
            self.charge(10)?;
        }
        Ok(Value::List(List::new(items)))
    }

    fn map(&mut self, expr: &'a Expr) -> Evaluated {
        let Kind::Map(parts) = &expr.kind else {
            return Ok(Value::Map(Map::default()));
        };
        let mut entries = BTreeMap::new();
        for part in parts {
            let key = self.eval(&part.key)?;
            let mut value = self.eval(&part.value)?;
            if part.optional {
                value = match value {
                    Value::Optional(Some(inner)) => (*inner).clone(),
                    Value::Optional(None) => {
                        if let Some(key) = Key::of(&key) {
                            entries.remove(&key);
                        }
                        continue;
                    }
                    other => {
                        return Err(EvalError::new(format!(
                            "cannot initialize optional entry '{}' from non-optional value {}",
                            functions::go_text(&key),
                            functions::go_text(&other)
                        )));
                    }
                };
            }
            let key = Key::of(&key).ok_or_else(|| {
                EvalError::new(format!("unsupported key type: {}", key.type_name()))
            })?;
            entries.insert(key, value);
        }
        if !is_constant(expr) {
            self.charge(30)?;
        }
        Ok(Value::Map(Map::new(entries)))
    }

    fn call(
        &mut self,
        expr: &'a Expr,
        function: &'a str,
        target: Option<&'a Expr>,
        args: &'a [Expr],
    ) -> Evaluated {
        match (function, args) {
            ("_&&_", [left, right]) => return self.logical(left, right, false),
            ("_||_", [left, right]) => return self.logical(left, right, true),
            ("_?_:_", [condition, then, other]) => {
                return match self.eval(condition)? {
                    Value::Bool(true) => self.eval(then),
                    Value::Bool(false) => self.eval(other),
                    _ => Err(EvalError::no_overload()),
                };
            }
            ("@not_strictly_false", [arg]) => {
                self.charge(1)?;
                return match self.eval(arg) {
                    Ok(Value::Bool(b)) => Ok(Value::Bool(b)),
                    Err(error) if error.cancelled => Err(error),
                    _ => Ok(Value::Bool(true)),
                };
            }
            ("_[_]" | "_[?_]" | "_?._", [operand, index]) => {
                let operand = self.eval(operand)?;
                let index = self.eval(index)?;
                self.charge(1)?;
                return select(&operand, &index, function != "_[_]");
            }
            ("_+_" | "cel.@mapInsert", [first, rest @ ..])
                if let Kind::Ident(name) = &first.kind
                    && name == super::ast::ACCUMULATOR =>
            {
                return self.grow(expr, function, rest);
            }
            ("or" | "orValue", [other]) if let Some(target) = target => {
                return match self.eval(target)? {
                    Value::Optional(Some(inner)) if function == "or" => {
                        Ok(Value::Optional(Some(inner)))
                    }
                    Value::Optional(Some(inner)) => Ok((*inner).clone()),
                    Value::Optional(None) => self.eval(other),
                    other => Ok(other),
                };
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(args.len() + 1);
        if let Some(target) = target {
            values.push(self.eval(target)?);
        }
        for arg in args {
            values.push(self.eval(arg)?);
        }
        self.apply(expr, function, &values)
    }

    fn apply(&mut self, expr: &Expr, function: &str, values: &[Value]) -> Evaluated {
        let overloads = self
            .checked
            .overloads
            .get(&expr.id)
            .map_or(&[][..], Vec::as_slice);
        let overload = if let [one] = overloads { one } else { "" };
        // What takes the square of the length is charged before it is done.
        let early = functions::early_cost(function, values);
        self.charge(early)?;
        let result = functions::call(function, overload, values)?;
        if early == 0 {
            self.charge(functions::cost(function, overload, values, &result))?;
        }
        Ok(result)
    }

    fn logical(&mut self, left: &'a Expr, right: &'a Expr, decisive: bool) -> Evaluated {
        let left = self.eval(left);
        match &left {
            Ok(Value::Bool(b)) if *b == decisive => return left,
            Err(error) if error.cancelled => return left,
            _ => {}
        }
        let right = self.eval(right);
        match (&left, &right) {
            (_, Ok(Value::Bool(b))) if *b == decisive => right,
            (_, Err(error)) if error.cancelled => right,
            (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(!decisive)),
            (Err(_), _) => left,
            (_, Err(_)) => right,
            _ => Err(EvalError::no_overload()),
        }
    }

    /// The accumulator of a macro with something more: it is taken from its scope, so that it need not be copied.
    fn grow(&mut self, expr: &'a Expr, function: &'a str, args: &'a [Expr]) -> Evaluated {
        self.charge(1)?;
        let Some(at) = self
            .scopes
            .iter()
            .rposition(|(n, _)| *n == super::ast::ACCUMULATOR)
        else {
            return Err(EvalError::no_overload());
        };
        let mut values = Vec::new();
        for arg in args {
            values.push(self.eval(arg)?);
        }
        let grown = std::mem::replace(&mut self.scopes[at].1, Value::Null);
        match (grown, &values[..]) {
            (Value::List(mut list), [Value::List(more)]) => {
                Arc::make_mut(&mut list.items).extend(more.items.iter().cloned());
                self.charge(1)?;
                Ok(Value::List(List {
                    go_strings: false,
                    unescape: false,
                    ..list
                }))
            }
            (Value::Map(mut map), [key, value]) => {
                insert(&mut map, key, value.clone())?;
                self.charge(1)?;
                Ok(Value::Map(map))
            }
            (Value::Map(mut map), [Value::Map(more)]) => {
                for (key, value) in more.entries.iter() {
                    insert(&mut map, &key.to_value(), value.clone())?;
                }
                self.charge(1)?;
                Ok(Value::Map(map))
            }
            (grown, _) => {
                values.insert(0, grown);
                self.apply(expr, function, &values)
            }
        }
    }

    fn fold(&mut self, fold: &'a Fold) -> Evaluated {
        let range = self.eval(&fold.range)?;
        let depth = self.scopes.len();
        let result = self.run_fold(fold, &range);
        self.scopes.truncate(depth);
        result
    }

    fn run_fold(&mut self, fold: &'a Fold, range: &Value) -> Evaluated {
        let two = fold.second.is_some();
        let pairs: Box<dyn Iterator<Item = (Value, Evaluated)> + '_> = match range {
            Value::List(list) => Box::new(list.items.iter().enumerate().map(move |(i, v)| {
                (
                    if two { Value::Int(i as i64) } else { v.clone() },
                    Ok(v.clone()),
                )
            })),
            Value::Map(map) => Box::new(
                map.entries
                    .iter()
                    .map(|(k, v)| (k.to_value(), Ok(v.clone()))),
            ),
            // The server's loop over `claims` or `user` is given the values instead of the keys.
            Value::Object(fields) => Box::new(fields.values().map(|value| {
                let found = select(&Value::Object(Arc::clone(fields)), value, false);
                (value.clone(), found)
            })),
            other if two => {
                return Err(EvalError::new(format!(
                    "unsupported comprehension range type: {}",
                    other.go_type()
                )));
            }
            other => {
                return Err(EvalError::new(format!(
                    "got '{}', expected iterable type",
                    other.go_type()
                )));
            }
        };
        let init = self.eval(&fold.init);
        let bottom = self.scopes.len();
        let mut accumulator = init;
        for (first, second) in pairs {
            // An accumulator that is an error goes on as one: `all` and `exists` may still find their answer.
            let failed = match accumulator {
                Ok(value) => {
                    self.scopes.push((&fold.accumulator, value));
                    None
                }
                Err(error) if error.cancelled => return Err(error),
                Err(error) => Some(error),
            };
            self.scopes.push((&fold.var, first));
            if let Some(name) = &fold.second {
                match second {
                    Ok(value) => self.scopes.push((name, value)),
                    Err(error) => return Err(error),
                }
            }
            let next = match failed {
                None => self.round(fold),
                Some(error) => self.round_after(fold, error),
            };
            let after = next.map(|done| match done {
                Round::Next(value) => (value, false),
                Round::Done => (
                    self.scopes
                        .get(bottom)
                        .map_or(Ok(Value::Null), |(_, value)| Ok(value.clone())),
                    true,
                ),
            });
            self.scopes.truncate(bottom);
            let (value, done) = after?;
            accumulator = value;
            if done {
                break;
            }
        }
        let value = accumulator?;
        self.scopes.push((&fold.accumulator, value));
        self.eval(&fold.result)
    }

    /// One round: the condition, then the step. Only the end of all cost is an error here.
    fn round(&mut self, fold: &'a Fold) -> Result<Round, EvalError> {
        match self.eval(&fold.condition) {
            Ok(Value::Bool(false)) => return Ok(Round::Done),
            Err(error) if error.cancelled => return Err(error),
            _ => {}
        }
        match self.eval(&fold.step) {
            Err(error) if error.cancelled => Err(error),
            other => Ok(Round::Next(other)),
        }
    }

    /// A round whose accumulator is an error: a logical step may absorb it, all others keep it.
    fn round_after(&mut self, fold: &'a Fold, error: EvalError) -> Result<Round, EvalError> {
        let Kind::Call { function, args, .. } = &fold.step.kind else {
            return Ok(Round::Next(Err(error)));
        };
        let decisive = match function.as_str() {
            "_||_" => true,
            "_&&_" => false,
            _ => return Ok(Round::Next(Err(error))),
        };
        self.charge(2)?;
        let [_, test] = &args[..] else {
            return Ok(Round::Next(Err(error)));
        };
        match self.eval(test) {
            Ok(Value::Bool(b)) if b == decisive => Ok(Round::Next(Ok(Value::Bool(b)))),
            Err(new) if new.cancelled => Err(new),
            _ => Ok(Round::Next(Err(error))),
        }
    }
}

enum Round {
    Next(Evaluated),
    Done,
}

fn insert(map: &mut Map, key: &Value, value: Value) -> Result<(), EvalError> {
    if map.find(key).is_some() {
        return Err(EvalError::new(format!(
            "insert failed: key {} already exists",
            functions::go_text(key)
        )));
    }
    let key = Key::of(key)
        .ok_or_else(|| EvalError::new(format!("unsupported key type: {}", key.type_name())))?;
    Arc::make_mut(&mut map.entries).insert(key, value);
    Ok(())
}

/// Whether a literal is folded into a constant before the run.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Literal(_) => true,
        Kind::List(elements) => elements
            .iter()
            .all(|(e, optional)| !optional && is_constant(e)),
        Kind::Map(entries) => entries
            .iter()
            .all(|e| !e.optional && is_constant(&e.key) && is_constant(&e.value)),
        _ => false,
    }
}

pub(super) fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(n) => Value::Int(*n),
        Literal::Uint(n) => Value::Uint(*n),
        Literal::Double(d) => Value::Double(*d),
        Literal::String(s) => Value::from(s.as_str()),
        Literal::Bytes(b) => Value::Bytes(Arc::from(b.as_slice())),
    }
}

/// A part of a value; of an optional, or optionally, it is an optional itself.
fn select(operand: &Value, key: &Value, optional: bool) -> Evaluated {
    let operand = match operand {
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => {
            return Ok(Value::Optional(part(inner, key)?.map(Arc::new)));
        }
        other => other,
    };
    let found = part(operand, key)?;
    if optional {
        return Ok(Value::Optional(found.map(Arc::new)));
    }
    found.ok_or_else(|| {
        let text = functions::go_text(key);
        EvalError::new(match operand {
            Value::List(_) => format!("index out of bounds: {text}"),
            _ => format!("no such key: {text}"),
        })
    })
}

fn present(operand: &Value, key: &Value) -> Result<bool, EvalError> {
    match operand {
        Value::Optional(None) => Ok(false),
        Value::Optional(Some(inner)) => Ok(part(inner, key)?.is_some()),
        other => Ok(part(other, key)?.is_some()),
    }
}

/// A part of a value, nothing if it has no such part.
fn part(operand: &Value, key: &Value) -> Result<Option<Value>, EvalError> {
    match key {
        Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::String(_) => {}
        other => {
            return Err(EvalError::new(format!(
                "invalid qualifier type: {}",
                other.go_type()
            )));
        }
    }
    match operand {
        Value::Map(map) => Ok(map.find(key)),
        Value::Object(fields) => {
            let Value::String(name) = key else {
                return Err(EvalError::no_overload());
            };
            Ok(super::value::unescape(name).and_then(|name| fields.get(&name).cloned()))
        }
        Value::List(list) => {
            let index = match key {
                Value::Int(n) => *n,
                Value::Uint(n) => i64::try_from(*n).unwrap_or(-1),
                Value::Double(d) => whole(*d).ok_or_else(|| {
                    EvalError::new(format!(
                        "unsupported index value {} in list",
                        functions::go_text(key)
                    ))
                })?,
                other => {
                    return Err(EvalError::new(format!(
                        "unsupported index type '{}' in list",
                        other.type_name()
                    )));
                }
            };
            Ok(usize::try_from(index)
                .ok()
                .and_then(|index| list.get(index)))
        }
        _ => Ok(None),
    }
}
