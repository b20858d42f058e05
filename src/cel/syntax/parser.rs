//! The parser that ANTLR makes of CEL.g4, with its error strategy: what it reports, drops and inserts decides the words.
//!
//! Each rule is a function. Where ANTLR must look further than one token, the function says what it would find. The tree
//! is built at once; what cel-go's visitor would find wrong with it is collected apart, because it comes later.

use super::grammar::{Role, State, Tokens};
use super::lexer::{Kind, Lexer, Token, syntax_error};
use super::macros;
use super::unescape::unescape;
use crate::cel::ast::{self, Entry, Expr, Field, Kind as Ast, Literal};
use crate::cel::source::{Errors, Offset, Source};

/// How deep a rule may be within itself, and how deep what the visitor descends.
const MAX_DEPTH: usize = 250;
/// How often the parser recovers, and how far it skips at a time.
const MAX_RECOVERIES: usize = 30;
const MAX_SKIPPED: usize = 256;
const RULES: usize = 18;

/// Words that are no names of variables.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "package",
    "namespace",
    "null",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// An expression that was read, and how deep the visitor descends for it.
pub(super) struct Read {
    pub expr: Expr,
    depth: usize,
}

/// Why a rule broke off.
enum Exception {
    NoViable { start: usize, offending: usize },
    Mismatch { offending: usize, expected: Tokens },
}

/// The end of all reading.
enum Stop {
    Rule(Exception),
    All,
}

type Step<T> = Result<T, Stop>;

pub(super) struct Parser<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    spans: Vec<(u32, u32)>,
    at: usize,
    state: State,
    returns: Vec<State>,
    depths: [usize; RULES],
    recovering: bool,
    last_error: Option<(usize, Vec<State>)>,
    recoveries: usize,
    errors: Errors,
    reported: usize,
    later: Vec<(Offset, String)>,
    pub(super) ids: u32,
    visited_too_deep: bool,
}

/// Reads an expression.
pub(in crate::cel) fn parse(source: &Source) -> Result<Expr, Errors> {
    const MAX_SIZE: usize = 100_000;
    let size = source.chars.len();
    let mut errors = Errors::default();
    if size > MAX_SIZE {
        errors.report(
            None,
            format!("expression code point size exceeds limit: size: {size}, limit {MAX_SIZE}"),
        );
        return Err(errors);
    }
    let mut parser = Parser {
        source,
        tokens: Vec::new(),
        spans: Vec::new(),
        at: 0,
        state: State::Start,
        returns: Vec::new(),
        depths: [0; RULES],
        recovering: false,
        last_error: None,
        recoveries: 0,
        errors,
        reported: 0,
        later: Vec::new(),
        ids: 0,
        visited_too_deep: false,
    };
    // The lexer is asked as far as the parser looks; the order among errors does not show, as they are sorted.
    let mut lexer = Lexer::new(source);
    loop {
        match lexer.next(&mut parser.errors, &mut parser.reported) {
            Ok(token) => {
                parser.tokens.push(token);
                if token.kind == Kind::Eof {
                    break;
                }
            }
            Err(_) => return Err(parser.errors),
        }
    }
    parser.spans = lexer.spans;
    let read = parser.start();
    if let Ok(read) = read {
        for (at, message) in std::mem::take(&mut parser.later) {
            parser.errors.report(at, message);
        }
        if parser.visited_too_deep {
            parser.errors.report(None, "max recursion depth exceeded");
        }
        if parser.errors.is_empty() {
            return Ok(read.expr);
        }
    }
    Err(parser.errors)
}

impl Parser<'_> {
    // What the tree needs.

    pub(super) fn node(&mut self, at: Offset, kind: Ast) -> Expr {
        self.ids += 1;
        Expr {
            id: self.ids,
            at,
            kind,
        }
    }

    pub(super) fn complain(&mut self, at: Offset, message: impl Into<String>) -> Expr {
        self.later.push((at, message.into()));
        self.node(at, Ast::Unspecified)
    }

    fn leaf(&mut self, at: Offset, kind: Ast) -> Read {
        Read {
            expr: self.node(at, kind),
            depth: 0,
        }
    }

    fn nothing(&mut self) -> Read {
        self.leaf(None, Ast::Unspecified)
    }

    fn deeper(&mut self, expr: Expr, depth: usize) -> Read {
        let depth = depth + 1;
        self.visited_too_deep |= depth > MAX_DEPTH;
        Read { expr, depth }
    }

    fn text(&self, index: usize) -> String {
        let token = self.tokens[index];
        self.source.chars[token.start as usize..token.end as usize]
            .iter()
            .collect()
    }

    fn place(&self, index: usize) -> Offset {
        Some(self.tokens[index].start)
    }

    // The stream of tokens.

    fn la(&self, ahead: usize) -> Kind {
        self.tokens[self.index(ahead)].kind
    }

    fn index(&self, ahead: usize) -> usize {
        (self.at + ahead - 1).min(self.tokens.len() - 1)
    }

    fn consume(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    // The error strategy.

    fn notify(&mut self, index: usize, message: &str) -> Step<()> {
        let at = self.tokens[index].start;
        syntax_error(&mut self.errors, &mut self.reported, at, message).map_err(|_| Stop::All)
    }

    fn display(&self, index: usize) -> String {
        let text = match self.tokens[index].kind {
            Kind::Eof => "<EOF>".to_owned(),
            _ => self.text(index),
        };
        quote(&text)
    }

    fn expected(&self) -> Tokens {
        self.state.next_within(&self.returns)
    }

    fn matched(&mut self) {
        self.recovering = false;
        self.last_error = None;
    }

    fn unwanted(&mut self) -> Step<()> {
        if self.recovering {
            return Ok(());
        }
        self.recovering = true;
        let message = format!(
            "extraneous input {} expecting {}",
            self.display(self.index(1)),
            self.expected()
        );
        self.notify(self.index(1), &message)
    }

    /// Drops a token if the one after it fits.
    fn delete_one(&mut self) -> Step<bool> {
        if !self.expected().has(self.la(2)) {
            return Ok(false);
        }
        self.unwanted()?;
        self.consume();
        self.matched();
        Ok(true)
    }

    fn attempt(&mut self) -> Step<()> {
        if self.recoveries == MAX_RECOVERIES {
            self.recoveries += 1;
            let message = format!("error recovery attempt limit exceeded: {MAX_RECOVERIES}");
            self.notify(self.index(1), &message)?;
            return Err(Stop::All);
        }
        self.recoveries += 1;
        Ok(())
    }

    fn sync(&mut self, state: State, role: Role) -> Step<()> {
        self.state = state;
        if self.recovering {
            return Ok(());
        }
        let next = state.next();
        if next.may_end() || next.has(self.la(1)) {
            return Ok(());
        }
        match role {
            Role::Block => {
                if self.delete_one()? {
                    return Ok(());
                }
                Err(self.mismatch())
            }
            Role::LoopBack => {
                self.unwanted()?;
                let follow = self.expected().and(self.recovery_set());
                self.skip_until(follow, false)
            }
        }
    }

    fn mismatch(&self) -> Stop {
        Stop::Rule(Exception::Mismatch {
            offending: self.index(1),
            expected: self.expected(),
        })
    }

    fn no_viable(&self, ahead: usize) -> Stop {
        Stop::Rule(Exception::NoViable {
            start: self.index(1),
            offending: self.index(ahead),
        })
    }

    /// Takes one of some tokens: the index of it, or nothing if it was made up.
    fn take(&mut self, state: State, after: State, kinds: Tokens) -> Step<Option<usize>> {
        self.state = state;
        if kinds.has(self.la(1)) {
            self.matched();
            let index = self.index(1);
            self.consume();
            return Ok(Some(index));
        }
        self.attempt()?;
        if self.delete_one()? {
            let index = self.index(1);
            self.consume();
            return Ok(Some(index));
        }
        if after.next_within(&self.returns).has(self.la(1)) {
            if !self.recovering {
                self.recovering = true;
                let message = format!(
                    "missing {} at {}",
                    self.expected(),
                    self.display(self.index(1))
                );
                self.notify(self.index(1), &message)?;
            }
            return Ok(None);
        }
        Err(self.mismatch())
    }

    fn token(&mut self, state: State) -> Step<Option<usize>> {
        match state.step() {
            super::grammar::Step::Token(kinds, after) => self.take(state, after, Tokens::of(kinds)),
            _ => Ok(None),
        }
    }

    fn recovery_set(&self) -> Tokens {
        self.returns.iter().fold(Tokens::default(), |all, state| {
            all.and(state.next().without_end())
        })
    }

    fn skip_until(&mut self, follow: Tokens, limited: bool) -> Step<()> {
        let mut skipped = 0;
        while self.la(1) != Kind::Eof && !follow.has(self.la(1)) {
            if limited && skipped >= MAX_SKIPPED {
                self.errors.report(
                    None,
                    format!("error recovery token lookahead limit exceeded: {MAX_SKIPPED}"),
                );
                return Err(Stop::All);
            }
            skipped += 1;
            self.consume();
        }
        Ok(())
    }

    fn report(&mut self, exception: &Exception) -> Step<()> {
        if self.recovering {
            return Ok(());
        }
        self.recovering = true;
        let (index, message) = match exception {
            Exception::NoViable { start, offending } => {
                let from = self.tokens[*start];
                let text = if from.kind == Kind::Eof {
                    "<EOF>".to_owned()
                } else {
                    let to = self.tokens[*offending].end.max(from.end);
                    self.readable(from.start, to)
                };
                (
                    *offending,
                    format!("no viable alternative at input {}", quote(&text)),
                )
            }
            Exception::Mismatch {
                offending,
                expected,
            } => (
                *offending,
                format!(
                    "mismatched input {} expecting {expected}",
                    self.display(*offending)
                ),
            ),
        };
        self.notify(index, &message)
    }

    /// The text of all tokens between two places; what was no token is not in it.
    fn readable(&self, from: u32, to: u32) -> String {
        self.spans
            .iter()
            .filter(|(start, end)| *start >= from && *end <= to)
            .flat_map(|(start, end)| &self.source.chars[*start as usize..*end as usize])
            .collect()
    }

    fn recover(&mut self) -> Step<()> {
        self.attempt()?;
        let (index, mut states) = self.last_error.take().unwrap_or((usize::MAX, Vec::new()));
        if index == self.at && states.contains(&self.state) {
            self.consume();
        }
        states.push(self.state);
        self.last_error = Some((self.at, states));
        let follow = self.recovery_set();
        self.skip_until(follow, true)
    }

    /// Runs a rule: what breaks it off is reported here, and the caller goes on.
    fn rule<T: Default>(
        &mut self,
        number: usize,
        returns: State,
        body: impl FnOnce(&mut Self, &mut T) -> Step<()>,
    ) -> Step<T> {
        self.depths[number] += 1;
        if self.depths[number] > MAX_DEPTH {
            self.errors.report(
                None,
                format!("expression recursion limit exceeded: {MAX_DEPTH}"),
            );
            return Err(Stop::All);
        }
        self.returns.push(returns);
        let mut result = T::default();
        let ended = body(self, &mut result);
        if let Err(stop) = ended {
            let Stop::Rule(exception) = stop else {
                return Err(stop);
            };
            self.report(&exception)?;
            self.recover()?;
        }
        self.returns.pop();
        self.depths[number] -= 1;
        Ok(result)
    }

    // The rules.

    fn start(&mut self) -> Result<Read, ()> {
        let run = |parser: &mut Self| -> Step<Read> {
            let read = parser.expr(State::StartEof)?;
            match parser.token(State::StartEof) {
                Ok(_) => {}
                Err(Stop::Rule(exception)) => {
                    parser.report(&exception)?;
                    parser.recover()?;
                }
                Err(stop) => return Err(stop),
            }
            Ok(read)
        };
        run(self).map_err(|_| ())
    }

    fn expr(&mut self, returns: State) -> Step<Read> {
        #[derive(Default)]
        struct Parts {
            condition: Option<Read>,
            question: Option<usize>,
            then: Option<Read>,
            other: Option<Read>,
        }
        let parts: Parts = self.rule(0, returns, |p, parts: &mut Parts| {
            p.state = State::Expr;
            parts.condition = Some(p.or(State::ExprOpt)?);
            p.sync(State::ExprOpt, Role::Block)?;
            if p.la(1) == Kind::Question {
                parts.question = p.token(State::ExprQuestion)?;
                p.state = State::ExprThen;
                parts.then = Some(p.or(State::ExprColon)?);
                p.token(State::ExprColon)?;
                p.state = State::ExprElse;
                parts.other = Some(p.expr(State::Stop)?);
            }
            Ok(())
        })?;
        let Some(condition) = parts.condition else {
            return Ok(self.nothing());
        };
        let Some(question) = parts.question else {
            return Ok(condition);
        };
        let then = match parts.then {
            Some(read) => read,
            None => self.nothing(),
        };
        let other = match parts.other {
            Some(read) => read,
            None => self.nothing(),
        };
        let depth = condition.depth.max(then.depth).max(other.depth);
        let at = self.place(question);
        let call = self.call(
            at,
            "_?_:_",
            None,
            vec![condition.expr, then.expr, other.expr],
        );
        Ok(self.deeper(call, depth))
    }

    fn call(&mut self, at: Offset, function: &str, target: Option<Expr>, args: Vec<Expr>) -> Expr {
        if let Some(expanded) = macros::expand(self, at, function, target.as_ref(), &args) {
            return expanded;
        }
        let kind = Ast::Call {
            function: function.to_owned(),
            target: target.map(Box::new),
            args,
        };
        self.node(at, kind)
    }

    fn or(&mut self, returns: State) -> Step<Read> {
        let (first, rest) = self.rule(
            1,
            returns,
            |p, (first, rest): &mut (Option<Read>, Vec<(usize, Read)>)| {
                p.state = State::Or;
                *first = Some(p.and(State::OrLoop)?);
                p.sync(State::OrLoop, Role::Block)?;
                while p.la(1) == Kind::Or {
                    let op = p.index(1);
                    p.token(State::OrOp)?;
                    p.state = State::OrNext;
                    let next = p.and(State::OrLoop)?;
                    rest.push((op, next));
                    p.sync(State::OrLoop, Role::LoopBack)?;
                }
                Ok(())
            },
        )?;
        Ok(self.balanced("_||_", first, rest))
    }

    fn and(&mut self, returns: State) -> Step<Read> {
        let (first, rest) = self.rule(
            2,
            returns,
            |p, (first, rest): &mut (Option<Read>, Vec<(usize, Read)>)| {
                p.state = State::And;
                *first = Some(p.relation(State::AndLoop)?);
                p.sync(State::AndLoop, Role::Block)?;
                while p.la(1) == Kind::And {
                    let op = p.index(1);
                    p.token(State::AndOp)?;
                    p.state = State::AndNext;
                    let next = p.relation(State::AndLoop)?;
                    rest.push((op, next));
                    p.sync(State::AndLoop, Role::LoopBack)?;
                }
                Ok(())
            },
        )?;
        Ok(self.balanced("_&&_", first, rest))
    }

    /// Chains of logical operators become trees of little depth.
    fn balanced(&mut self, function: &str, first: Option<Read>, rest: Vec<(usize, Read)>) -> Read {
        let Some(first) = first else {
            return self.nothing();
        };
        if rest.is_empty() {
            return first;
        }
        let mut depth = first.depth;
        let mut ops = Vec::new();
        let mut terms = vec![Some(first.expr)];
        for (op, read) in rest {
            depth = depth.max(read.depth);
            ops.push(op);
            terms.push(Some(read.expr));
        }
        let last = ops.len() - 1;
        let expr = self.tree(function, &ops, &mut terms, 0, last);
        Read { expr, depth }
    }

    fn tree(
        &mut self,
        function: &str,
        ops: &[usize],
        terms: &mut [Option<Expr>],
        low: usize,
        high: usize,
    ) -> Expr {
        let middle = (low + high).div_ceil(2);
        let left = if middle == low {
            terms[middle].take()
        } else {
            Some(self.tree(function, ops, terms, low, middle - 1))
        };
        let right = if middle == high {
            terms[middle + 1].take()
        } else {
            Some(self.tree(function, ops, terms, middle + 1, high))
        };
        let args = left.into_iter().chain(right).collect();
        let at = self.place(ops[middle]);
        self.node(
            at,
            Ast::Call {
                function: function.to_owned(),
                target: None,
                args,
            },
        )
    }

    /// A left-recursive rule: a first operand and operators that bind tightly enough.
    fn relation(&mut self, returns: State) -> Step<Read> {
        self.relation_from(returns, false)
    }

    fn relation_from(&mut self, returns: State, right: bool) -> Step<Read> {
        let read = self.rule(3, returns, |p, read: &mut Option<Read>| {
            p.state = State::Relation;
            *read = Some(p.calc(State::RelationLoop, 0)?);
            p.sync(State::RelationLoop, Role::Block)?;
            // The right operand of a comparison is no comparison.
            loop {
                let function = match p.la(1) {
                    _ if right => break,
                    Kind::Less => "_<_",
                    Kind::LessEquals => "_<=_",
                    Kind::GreaterEquals => "_>=_",
                    Kind::Greater => "_>_",
                    Kind::Equals => "_==_",
                    Kind::NotEquals => "_!=_",
                    Kind::In => "@in",
                    _ => break,
                };
                p.binary(function, State::RelationOp, read, |p| {
                    p.state = State::RelationNext;
                    p.relation_from(State::RelationLoop, true)
                })?;
                p.sync(State::RelationLoop, Role::LoopBack)?;
            }
            Ok(())
        })?;
        Ok(match read {
            Some(read) => read,
            None => self.nothing(),
        })
    }

    fn binary(
        &mut self,
        function: &str,
        state: State,
        left: &mut Option<Read>,
        right: impl FnOnce(&mut Self) -> Step<Read>,
    ) -> Step<()> {
        let op = self.index(1);
        self.token(state)?;
        let right = right(self)?;
        let first = match left.take() {
            Some(read) => read,
            None => self.nothing(),
        };
        let depth = first.depth.max(right.depth);
        let at = self.place(op);
        let call = self.call(at, function, None, vec![first.expr, right.expr]);
        *left = Some(self.deeper(call, depth));
        Ok(())
    }

    fn calc(&mut self, returns: State, precedence: u8) -> Step<Read> {
        let read = self.rule(4, returns, |p, read: &mut Option<Read>| {
            p.state = State::Calc;
            *read = Some(p.unary(State::CalcLoop)?);
            p.sync(State::CalcLoop, Role::Block)?;
            loop {
                let (function, state, next, binds) = match p.la(1) {
                    Kind::Star => ("_*_", State::CalcMul, State::CalcMulNext, 2),
                    Kind::Slash => ("_/_", State::CalcMul, State::CalcMulNext, 2),
                    Kind::Percent => ("_%_", State::CalcMul, State::CalcMulNext, 2),
                    Kind::Plus => ("_+_", State::CalcAdd, State::CalcAddNext, 1),
                    Kind::Minus => ("_-_", State::CalcAdd, State::CalcAddNext, 1),
                    _ => break,
                };
                if binds < precedence {
                    break;
                }
                p.binary(function, state, read, |p| {
                    p.state = next;
                    p.calc(State::CalcLoop, binds + 1)
                })?;
                p.sync(State::CalcLoop, Role::LoopBack)?;
            }
            Ok(())
        })?;
        Ok(match read {
            Some(read) => read,
            None => self.nothing(),
        })
    }

    fn unary(&mut self, returns: State) -> Step<Read> {
        let start = self.place(self.index(1));
        let (read, ops) = self.rule(
            5,
            returns,
            |p, (read, ops): &mut (Option<Read>, Vec<usize>)| {
                p.sync(State::Unary, Role::Block)?;
                match p.la(1) {
                    Kind::Exclam => {
                        p.sync(State::Not, Role::Block)?;
                        loop {
                            ops.extend(p.token(State::Not)?);
                            p.sync(State::NotLoop, Role::LoopBack)?;
                            if p.la(1) != Kind::Exclam {
                                break;
                            }
                        }
                        p.state = State::NotMember;
                    }
                    Kind::Minus if !matches!(p.la(2), Kind::Int | Kind::Float) => {
                        // A minus alone is no literal, and something must follow it.
                        if !State::NegateLoop.next().has(p.la(2)) {
                            return Err(p.no_viable(2));
                        }
                        p.sync(State::Negate, Role::Block)?;
                        loop {
                            ops.extend(p.token(State::Negate)?);
                            p.sync(State::NegateLoop, Role::LoopBack)?;
                            if p.la(1) != Kind::Minus {
                                break;
                            }
                            if !State::NegateLoop.next().has(p.la(2)) {
                                return Err(p.no_viable(2));
                            }
                        }
                        if !State::NegateMember.next().has(p.la(1)) {
                            return Err(p.no_viable(1));
                        }
                        p.state = State::NegateMember;
                    }
                    _ => {
                        if !State::Unary.next().has(p.la(1)) {
                            return Err(p.no_viable(1));
                        }
                        p.state = State::UnaryMember;
                    }
                }
                *read = Some(p.member(State::Stop)?);
                Ok(())
            },
        )?;
        let Some(read) = read else {
            return Ok(self.leaf(start, Ast::Literal(Literal::String("<<error>>".to_owned()))));
        };
        let Some(first) = ops.first().filter(|_| ops.len() % 2 == 1).copied() else {
            return Ok(read);
        };
        let function = if self.tokens[first].kind == Kind::Exclam {
            "!_"
        } else {
            "-_"
        };
        let at = self.place(first);
        let expr = self.call(at, function, None, vec![read.expr]);
        Ok(Read {
            expr,
            depth: read.depth,
        })
    }

    fn member(&mut self, returns: State) -> Step<Read> {
        let read = self.rule(6, returns, |p, read: &mut Option<Read>| {
            p.state = State::Member;
            *read = Some(p.primary(State::MemberLoop)?);
            p.sync(State::MemberLoop, Role::Block)?;
            while matches!(p.la(1), Kind::Dot | Kind::LBracket) {
                p.sync(State::MemberBlock, Role::Block)?;
                match (p.la(1), p.la(2)) {
                    (Kind::LBracket, _) => p.member_index(read)?,
                    (_, Kind::Identifier) if p.la(3) == Kind::LParen => p.member_call(read)?,
                    (_, Kind::Identifier | Kind::Question | Kind::EscapedIdentifier) => {
                        p.member_select(read)?;
                    }
                    _ => return Err(p.no_viable(2)),
                }
                p.sync(State::MemberLoop, Role::LoopBack)?;
            }
            Ok(())
        })?;
        Ok(match read {
            Some(read) => read,
            None => self.nothing(),
        })
    }

    fn operand(&mut self, read: &mut Option<Read>) -> Read {
        match read.take() {
            Some(read) => read,
            None => self.nothing(),
        }
    }

    fn member_select(&mut self, read: &mut Option<Read>) -> Step<()> {
        let op = self.index(1);
        self.token(State::Select)?;
        self.sync(State::SelectOpt, Role::Block)?;
        let optional = self.la(1) == Kind::Question;
        if optional {
            self.token(State::SelectQuestion)?;
        }
        self.state = State::SelectName;
        let name = self.escape_ident(State::MemberLoop)?;
        let operand = self.operand(read);
        let at = self.place(op);
        let expr = match name {
            None => self.node(at, Ast::Unspecified),
            Some(name) => {
                let field = self.name(name);
                if optional {
                    let place = self.place(name);
                    let field = self.node(place, Ast::Literal(Literal::String(field)));
                    let kind = Ast::Call {
                        function: "_?._".to_owned(),
                        target: None,
                        args: vec![operand.expr, field],
                    };
                    self.node(at, kind)
                } else {
                    let kind = Ast::Select {
                        operand: Box::new(operand.expr),
                        field,
                        test_only: false,
                    };
                    self.node(at, kind)
                }
            }
        };
        *read = Some(self.deeper(expr, operand.depth));
        Ok(())
    }

    /// The text of a name; quoted names are not enabled.
    fn name(&mut self, index: usize) -> String {
        if self.tokens[index].kind == Kind::EscapedIdentifier {
            let at = self.place(index);
            self.complain(at, "unsupported syntax: '`'");
        }
        self.text(index)
    }

    fn member_call(&mut self, read: &mut Option<Read>) -> Step<()> {
        self.token(State::Call)?;
        let name = self.token(State::CallName)?;
        let open = self.token(State::CallOpen)?;
        self.sync(State::CallArgs, Role::Block)?;
        let mut args = Vec::new();
        let ended = if State::CallList.next().has(self.la(1)) {
            self.state = State::CallList;
            self.expr_list(State::CallClose).map(|list| args = list)
        } else {
            Ok(())
        };
        let ended = ended.and_then(|()| self.token(State::CallClose));
        let operand = self.operand(read);
        let depth = args.iter().map(|a| a.depth).fold(operand.depth, usize::max);
        let expr = match (name, open) {
            (Some(name), Some(open)) => {
                let (at, name) = (self.place(open), self.text(name));
                let args = args.into_iter().map(|a| a.expr).collect();
                self.call(at, &name, Some(operand.expr), args)
            }
            _ => self.node(None, Ast::Unspecified),
        };
        *read = Some(self.deeper(expr, depth));
        ended.map(|_| ())
    }

    fn member_index(&mut self, read: &mut Option<Read>) -> Step<()> {
        let op = self.index(1);
        self.token(State::Index)?;
        self.sync(State::IndexOpt, Role::Block)?;
        let optional = self.la(1) == Kind::Question;
        if optional {
            self.token(State::IndexQuestion)?;
        }
        self.state = State::IndexExpr;
        let index = self.expr(State::IndexClose)?;
        let ended = self.token(State::IndexClose);
        let operand = self.operand(read);
        let depth = operand.depth.max(index.depth);
        let function = if optional { "_[?_]" } else { "_[_]" };
        let at = self.place(op);
        let expr = self.call(at, function, None, vec![operand.expr, index.expr]);
        *read = Some(self.deeper(expr, depth));
        ended.map(|_| ())
    }

    fn primary(&mut self, returns: State) -> Step<Read> {
        let read = self.rule(7, returns, |p, read: &mut Option<Read>| {
            p.sync(State::Primary, Role::Block)?;
            match p.la(1) {
                Kind::LParen => {
                    p.token(State::Nested)?;
                    p.state = State::NestedExpr;
                    *read = Some(p.expr(State::NestedClose)?);
                    p.token(State::NestedClose).map(|_| ())
                }
                Kind::LBracket => p.list(read),
                Kind::LBrace => p.map(read),
                Kind::Dot | Kind::Identifier => {
                    let dot = usize::from(p.la(1) == Kind::Dot);
                    if p.la(1 + dot) != Kind::Identifier {
                        return Err(p.no_viable(1 + dot));
                    }
                    let mut after = 2 + dot;
                    while p.la(after) == Kind::Dot && p.la(after + 1) == Kind::Identifier {
                        after += 2;
                    }
                    if p.la(2 + dot) == Kind::LParen {
                        p.global_call(read)
                    } else if p.la(after) == Kind::LBrace {
                        p.message(read)
                    } else {
                        p.ident(read)
                    }
                }
                _ => {
                    if !State::Constant.next().has(p.la(1)) {
                        return Err(p.no_viable(1));
                    }
                    p.state = State::Constant;
                    *read = Some(p.literal(State::Stop)?);
                    Ok(())
                }
            }
        })?;
        Ok(match read {
            Some(read) => read,
            None => self.nothing(),
        })
    }

    fn leading_dot(&mut self, block: State, dot: State) -> Step<bool> {
        self.sync(block, Role::Block)?;
        let has = self.la(1) == Kind::Dot;
        if has {
            self.token(dot)?;
        }
        Ok(has)
    }

    fn ident(&mut self, read: &mut Option<Read>) -> Step<()> {
        let start = self.place(self.index(1));
        let dot = self.leading_dot(State::Ident, State::IdentDot)?;
        let Some(name) = self.token(State::IdentName)? else {
            return Ok(());
        };
        let text = self.text(name);
        let expr = if RESERVED.contains(&text.as_str()) {
            self.complain(start, format!("reserved identifier: {text}"))
        } else {
            let at = self.place(name);
            self.node(at, Ast::Ident(if dot { format!(".{text}") } else { text }))
        };
        *read = Some(Read { expr, depth: 0 });
        Ok(())
    }

    fn global_call(&mut self, read: &mut Option<Read>) -> Step<()> {
        let start = self.place(self.index(1));
        let dot = self.leading_dot(State::Global, State::GlobalDot)?;
        let name = self.token(State::GlobalName)?;
        let open = self.token(State::GlobalOpen)?;
        self.sync(State::GlobalArgs, Role::Block)?;
        let mut args = Vec::new();
        let ended = if State::GlobalList.next().has(self.la(1)) {
            self.state = State::GlobalList;
            self.expr_list(State::GlobalClose).map(|list| args = list)
        } else {
            Ok(())
        };
        let ended = ended.and_then(|()| self.token(State::GlobalClose));
        if let (Some(name), Some(open)) = (name, open) {
            let depth = args.iter().map(|a| a.depth).max().unwrap_or(0);
            let text = self.text(name);
            let expr = if RESERVED.contains(&text.as_str()) {
                self.complain(start, format!("reserved identifier: {text}"))
            } else {
                let at = self.place(open);
                let args = args.into_iter().map(|a| a.expr).collect();
                self.call(at, &if dot { format!(".{text}") } else { text }, None, args)
            };
            *read = Some(Read { expr, depth });
        }
        ended.map(|_| ())
    }

    fn list(&mut self, read: &mut Option<Read>) -> Step<()> {
        let at = self.place(self.index(1));
        self.token(State::List)?;
        self.sync(State::ListElems, Role::Block)?;
        let mut elements = Vec::new();
        if State::ListInit.next().has(self.la(1)) {
            self.state = State::ListInit;
            elements = self.elems(State::ListComma)?;
        }
        let ended = self.closing(State::ListComma, State::ListCommaToken, State::ListClose);
        let depth = elements.iter().map(|(r, _)| r.depth).max().unwrap_or(0);
        let elements = elements
            .into_iter()
            .map(|(r, optional)| (r.expr, optional))
            .collect();
        *read = Some(Read {
            expr: self.node(at, Ast::List(elements)),
            depth,
        });
        ended
    }

    fn closing(&mut self, block: State, comma: State, close: State) -> Step<()> {
        self.sync(block, Role::Block)?;
        if self.la(1) == Kind::Comma {
            self.token(comma)?;
        }
        self.token(close).map(|_| ())
    }

    fn map(&mut self, read: &mut Option<Read>) -> Step<()> {
        let at = self.place(self.index(1));
        self.token(State::Map)?;
        self.sync(State::MapEntries, Role::Block)?;
        let mut entries = (Vec::new(), 0);
        if State::MapInit.next().has(self.la(1)) {
            self.state = State::MapInit;
            entries = self.entries(State::MapComma)?;
        }
        let ended = self.closing(State::MapComma, State::MapCommaToken, State::MapClose);
        *read = Some(Read {
            expr: self.node(at, Ast::Map(entries.0)),
            depth: entries.1,
        });
        ended
    }

    fn message(&mut self, read: &mut Option<Read>) -> Step<()> {
        let mut name = String::new();
        if self.leading_dot(State::Message, State::MessageDot)? {
            name.push('.');
        }
        if let Some(first) = self.token(State::MessageName)? {
            name.push_str(&self.text(first));
        }
        self.sync(State::MessageLoop, Role::Block)?;
        while self.la(1) == Kind::Dot {
            self.token(State::MessageNextDot)?;
            if let Some(next) = self.token(State::MessageNextName)? {
                name.push('.');
                name.push_str(&self.text(next));
            }
            self.sync(State::MessageLoop, Role::LoopBack)?;
        }
        let at = self.place(self.index(1));
        self.token(State::MessageOpen)?;
        self.sync(State::MessageEntries, Role::Block)?;
        let mut fields = (Vec::new(), 0);
        if State::MessageInit.next().has(self.la(1)) {
            self.state = State::MessageInit;
            fields = self.fields(State::MessageComma)?;
        }
        let ended = self.closing(
            State::MessageComma,
            State::MessageCommaToken,
            State::MessageClose,
        );
        let kind = Ast::Struct {
            name,
            fields: fields.0,
        };
        *read = Some(Read {
            expr: self.node(at, kind),
            depth: fields.1,
        });
        ended
    }

    fn expr_list(&mut self, returns: State) -> Step<Vec<Read>> {
        self.rule(8, returns, |p, list: &mut Vec<Read>| {
            p.state = State::ExprList;
            list.push(p.expr(State::ExprListLoop)?);
            p.sync(State::ExprListLoop, Role::Block)?;
            while p.la(1) == Kind::Comma {
                p.token(State::ExprListComma)?;
                p.state = State::ExprListNext;
                list.push(p.expr(State::ExprListLoop)?);
                p.sync(State::ExprListLoop, Role::LoopBack)?;
            }
            Ok(())
        })
    }

    fn elems(&mut self, returns: State) -> Step<Vec<(Read, bool)>> {
        self.rule(9, returns, |p, list: &mut Vec<(Read, bool)>| {
            p.state = State::Elems;
            list.push(p.opt_expr(State::ElemsLoop)?);
            p.sync(State::ElemsLoop, Role::Block)?;
            while p.la(1) == Kind::Comma && State::ElemsNext.next().has(p.la(2)) {
                p.token(State::ElemsComma)?;
                p.state = State::ElemsNext;
                list.push(p.opt_expr(State::ElemsLoop)?);
                p.sync(State::ElemsLoop, Role::LoopBack)?;
            }
            Ok(())
        })
    }

    fn fields(&mut self, returns: State) -> Step<(Vec<Field>, usize)> {
        self.rule(
            10,
            returns,
            |p, (fields, depth): &mut (Vec<Field>, usize)| {
                p.field(
                    fields,
                    depth,
                    [State::Fields, State::FieldsColon, State::FieldsValue],
                )?;
                p.sync(State::FieldsLoop, Role::Block)?;
                while p.la(1) == Kind::Comma && State::FieldsNext.next().has(p.la(2)) {
                    p.token(State::FieldsComma)?;
                    let states = [
                        State::FieldsNext,
                        State::FieldsNextColon,
                        State::FieldsNextValue,
                    ];
                    p.field(fields, depth, states)?;
                    p.sync(State::FieldsLoop, Role::LoopBack)?;
                }
                Ok(())
            },
        )
    }

    fn field(
        &mut self,
        fields: &mut Vec<Field>,
        depth: &mut usize,
        [name, colon, value]: [State; 3],
    ) -> Step<()> {
        self.state = name;
        let (name, optional) = self.opt_field(colon)?;
        let colon = self.token(colon)?;
        self.state = value;
        let value = self.expr(State::FieldsLoop)?;
        *depth = (*depth).max(value.depth);
        if let (Some(name), Some(colon)) = (name, colon) {
            let at = self.place(colon);
            let name = self.name(name);
            fields.push(Field {
                at,
                name,
                value: value.expr,
                optional,
            });
        }
        Ok(())
    }

    fn entries(&mut self, returns: State) -> Step<(Vec<Entry>, usize)> {
        self.rule(
            11,
            returns,
            |p, (entries, depth): &mut (Vec<Entry>, usize)| {
                p.entry(
                    entries,
                    depth,
                    [State::Entries, State::EntriesColon, State::EntriesValue],
                )?;
                p.sync(State::EntriesLoop, Role::Block)?;
                while p.la(1) == Kind::Comma && State::EntriesNext.next().has(p.la(2)) {
                    p.token(State::EntriesComma)?;
                    let states = [
                        State::EntriesNext,
                        State::EntriesNextColon,
                        State::EntriesNextValue,
                    ];
                    p.entry(entries, depth, states)?;
                    p.sync(State::EntriesLoop, Role::LoopBack)?;
                }
                Ok(())
            },
        )
    }

    fn entry(
        &mut self,
        entries: &mut Vec<Entry>,
        depth: &mut usize,
        [key, colon, value]: [State; 3],
    ) -> Step<()> {
        self.state = key;
        let (key, optional) = self.opt_expr(colon)?;
        self.token(colon)?;
        self.state = value;
        let value = self.expr(State::EntriesLoop)?;
        *depth = (*depth).max(key.depth).max(value.depth);
        entries.push(Entry {
            key: key.expr,
            value: value.expr,
            optional,
        });
        Ok(())
    }

    fn opt_field(&mut self, returns: State) -> Step<(Option<usize>, bool)> {
        self.rule(
            12,
            returns,
            |p, (name, optional): &mut (Option<usize>, bool)| {
                p.sync(State::OptField, Role::Block)?;
                if p.la(1) == Kind::Question {
                    p.token(State::OptFieldQuestion)?;
                    *optional = true;
                }
                p.state = State::OptFieldName;
                *name = p.escape_ident(State::Stop)?;
                Ok(())
            },
        )
    }

    fn opt_expr(&mut self, returns: State) -> Step<(Read, bool)> {
        let (read, optional) = self.rule(
            13,
            returns,
            |p, (read, optional): &mut (Option<Read>, bool)| {
                p.sync(State::OptExpr, Role::Block)?;
                if p.la(1) == Kind::Question {
                    p.token(State::OptExprQuestion)?;
                    *optional = true;
                }
                p.state = State::OptExprExpr;
                *read = Some(p.expr(State::Stop)?);
                Ok(())
            },
        )?;
        Ok(match read {
            Some(read) => (read, optional),
            None => (self.nothing(), optional),
        })
    }

    fn escape_ident(&mut self, returns: State) -> Step<Option<usize>> {
        self.rule(14, returns, |p, name: &mut Option<usize>| {
            p.sync(State::EscapeIdent, Role::Block)?;
            *name = match p.la(1) {
                Kind::Identifier => p.token(State::SimpleName)?,
                Kind::EscapedIdentifier => p.token(State::EscapedName)?,
                _ => return Err(p.no_viable(1)),
            };
            Ok(())
        })
    }

    fn literal(&mut self, returns: State) -> Step<Read> {
        let start = self.place(self.index(1));
        let kind = self.rule(
            15,
            returns,
            |p, kind: &mut Option<Result<Literal, String>>| {
                p.sync(State::Literal, Role::Block)?;
                let minus = p.la(1) == Kind::Minus;
                let (opt, dash, token) = match p.la(if minus { 2 } else { 1 }) {
                    Kind::Int => (Some(State::IntOpt), State::IntMinus, State::IntToken),
                    Kind::Float => (Some(State::FloatOpt), State::FloatMinus, State::FloatToken),
                    _ if minus => return Err(p.no_viable(2)),
                    Kind::Uint => (None, State::Stop, State::UintToken),
                    Kind::String => (None, State::Stop, State::StringToken),
                    Kind::Bytes => (None, State::Stop, State::BytesToken),
                    Kind::True => (None, State::Stop, State::TrueToken),
                    Kind::False => (None, State::Stop, State::FalseToken),
                    Kind::Null => (None, State::Stop, State::NullToken),
                    _ => return Err(p.no_viable(1)),
                };
                if let Some(opt) = opt {
                    p.sync(opt, Role::Block)?;
                    if minus {
                        p.token(dash)?;
                    }
                }
                if let Some(index) = p.token(token)? {
                    *kind = Some(constant(p.tokens[index].kind, &p.text(index), minus));
                }
                Ok(())
            },
        )?;
        Ok(match kind {
            Some(Ok(literal)) => self.leaf(start, Ast::Literal(literal)),
            Some(Err(message)) => Read {
                expr: self.complain(start, message),
                depth: 0,
            },
            None => self.nothing(),
        })
    }
}

fn constant(kind: Kind, text: &str, minus: bool) -> Result<Literal, String> {
    let sign = if minus { "-" } else { "" };
    Ok(match kind {
        Kind::Int => {
            let value = match text.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16),
                None => format!("{sign}{text}").parse(),
            };
            Literal::Int(value.map_err(|_| "invalid int literal")?)
        }
        Kind::Uint => {
            let text = &text[..text.len() - 1];
            let value = match text.strip_prefix("0x") {
                Some(hex) => u64::from_str_radix(hex, 16),
                None => text.parse(),
            };
            Literal::Uint(value.map_err(|_| "invalid uint literal")?)
        }
        Kind::Float => {
            let value: f64 = format!("{sign}{text}")
                .parse()
                .map_err(|_| "invalid double literal")?;
            if value.is_infinite() {
                return Err("invalid double literal".to_owned());
            }
            Literal::Double(value)
        }
        Kind::String => match unescape(text, false)? {
            ast::Literal::String(text) => Literal::String(text),
            other => other,
        },
        Kind::Bytes => unescape(&text[1..], true)?,
        Kind::True => Literal::Bool(true),
        Kind::False => Literal::Bool(false),
        _ => Literal::Null,
    })
}

fn quote(text: &str) -> String {
    let text = text
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    format!("'{text}'")
}
