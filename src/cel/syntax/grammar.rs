//! The grammar CEL.g4 as states and steps between them, for what ANTLR derives from it: which tokens may come next.

use super::lexer::Kind::{self, *};

/// A set of token kinds; the highest bit says that the rule may end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens(u64);

const END_OF_RULE: u64 = 1 << 63;

impl Tokens {
    pub const fn of(kinds: &[Kind]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < kinds.len() {
            bits |= 1 << kinds[i] as u64;
            i += 1;
        }
        Self(bits)
    }

    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u64) != 0
    }

    pub fn may_end(self) -> bool {
        self.0 & END_OF_RULE != 0
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without_end(self) -> Self {
        Self(self.0 & !END_OF_RULE)
    }
}

/// As ANTLR prints a set.
impl std::fmt::Display for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = (0..Kind::NAMES.len())
            .filter(|bit| self.0 & (1 << bit) != 0)
            .map(|bit| Kind::NAMES[bit])
            .collect();
        match names[..] {
            [name] => f.write_str(name),
            _ => write!(f, "{{{}}}", names.join(", ")),
        }
    }
}

/// A state of the grammar, named by its rule and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(super) enum State {
    Stop,
    Start, StartEof,
    Expr, ExprOpt, ExprQuestion, ExprThen, ExprColon, ExprElse,
    Or, OrLoop, OrOp, OrNext,
    And, AndLoop, AndOp, AndNext,
    Relation, RelationLoop, RelationOp, RelationNext,
    Calc, CalcLoop, CalcMul, CalcMulNext, CalcAdd, CalcAddNext,
    Unary, UnaryMember, Not, NotLoop, NotMember, Negate, NegateLoop, NegateMember,
    Member, MemberLoop, MemberBlock,
    Select, SelectOpt, SelectQuestion, SelectName,
    Call, CallName, CallOpen, CallArgs, CallList, CallClose,
    Index, IndexOpt, IndexQuestion, IndexExpr, IndexClose,
    Primary, Ident, IdentDot, IdentName,
    Global, GlobalDot, GlobalName, GlobalOpen, GlobalArgs, GlobalList, GlobalClose,
    Nested, NestedExpr, NestedClose,
    List, ListElems, ListInit, ListComma, ListCommaToken, ListClose,
    Map, MapEntries, MapInit, MapComma, MapCommaToken, MapClose,
    Message, MessageDot, MessageName, MessageLoop, MessageNextDot, MessageNextName,
    MessageOpen, MessageEntries, MessageInit, MessageComma, MessageCommaToken, MessageClose,
    Constant,
    ExprList, ExprListLoop, ExprListComma, ExprListNext,
    Elems, ElemsLoop, ElemsComma, ElemsNext,
    Fields, FieldsColon, FieldsValue, FieldsLoop, FieldsComma, FieldsNext, FieldsNextColon, FieldsNextValue,
    Entries, EntriesColon, EntriesValue, EntriesLoop, EntriesComma, EntriesNext, EntriesNextColon, EntriesNextValue,
    OptField, OptFieldQuestion, OptFieldName,
    OptExpr, OptExprQuestion, OptExprExpr,
    EscapeIdent, SimpleName, EscapedName,
    Literal, IntOpt, IntMinus, IntToken, UintToken, FloatOpt, FloatMinus, FloatToken,
    StringToken, BytesToken, TrueToken, FalseToken, NullToken,
}

/// A step out of a state.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// One of these tokens, then that state.
    Token(&'static [Kind], State),
    /// The rule that begins with this state.
    Rule(State),
    /// Any of these states, without a token.
    Free(&'static [State]),
}

/// What kind of state it is for ANTLR's error strategy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The beginning of a choice or of a loop.
    Block,
    /// The way back to the beginning of a loop.
    LoopBack,
}

impl State {
    /// The step out of it.
    #[rustfmt::skip]
    pub fn step(self) -> Step {
        use State as S;
        use Step::{Free, Rule, Token};
        match self {
            S::Stop => Free(&[]),
            S::Start => Rule(S::Expr),
            S::StartEof => Token(&[Eof], S::Stop),
            S::Expr => Rule(S::Or),
            S::ExprOpt => Free(&[S::ExprQuestion, S::Stop]),
            S::ExprQuestion => Token(&[Question], S::ExprThen),
            S::ExprThen => Rule(S::Or),
            S::ExprColon => Token(&[Colon], S::ExprElse),
            S::ExprElse => Rule(S::Expr),
            S::Or => Rule(S::And),
            S::OrLoop => Free(&[S::OrOp, S::Stop]),
            S::OrOp => Token(&[Kind::Or], S::OrNext),
            S::OrNext => Rule(S::And),
            S::And => Rule(S::Relation),
            S::AndLoop => Free(&[S::AndOp, S::Stop]),
            S::AndOp => Token(&[Kind::And], S::AndNext),
            S::AndNext => Rule(S::Relation),
            S::Relation => Rule(S::Calc),
            S::RelationLoop => Free(&[S::RelationOp, S::Stop]),
            S::RelationOp => Token(&[Less, LessEquals, GreaterEquals, Greater, Equals, NotEquals, In], S::RelationNext),
            S::RelationNext => Rule(S::Relation),
            S::Calc => Rule(S::Unary),
            S::CalcLoop => Free(&[S::CalcMul, S::CalcAdd, S::Stop]),
            S::CalcMul => Token(&[Star, Slash, Percent], S::CalcMulNext),
            S::CalcMulNext | S::CalcAddNext => Rule(S::Calc),
            S::CalcAdd => Token(&[Plus, Minus], S::CalcAddNext),
            S::Unary => Free(&[S::UnaryMember, S::Not, S::Negate]),
            S::UnaryMember | S::NotMember | S::NegateMember => Rule(S::Member),
            S::Not => Token(&[Exclam], S::NotLoop),
            S::NotLoop => Free(&[S::Not, S::NotMember]),
            S::Negate => Token(&[Minus], S::NegateLoop),
            S::NegateLoop => Free(&[S::Negate, S::NegateMember]),
            S::Member => Rule(S::Primary),
            S::MemberLoop => Free(&[S::MemberBlock, S::Stop]),
            S::MemberBlock => Free(&[S::Select, S::Call, S::Index]),
            S::Select => Token(&[Dot], S::SelectOpt),
            S::SelectOpt => Free(&[S::SelectQuestion, S::SelectName]),
            S::SelectQuestion => Token(&[Question], S::SelectName),
            S::SelectName => Rule(S::EscapeIdent),
            S::Call => Token(&[Dot], S::CallName),
            S::CallName => Token(&[Identifier], S::CallOpen),
            S::CallOpen => Token(&[LParen], S::CallArgs),
            S::CallArgs => Free(&[S::CallList, S::CallClose]),
            S::CallList => Rule(S::ExprList),
            S::CallClose => Token(&[RParen], S::MemberLoop),
            S::Index => Token(&[LBracket], S::IndexOpt),
            S::IndexOpt => Free(&[S::IndexQuestion, S::IndexExpr]),
            S::IndexQuestion => Token(&[Question], S::IndexExpr),
            S::IndexExpr => Rule(S::Expr),
            S::IndexClose => Token(&[RBracket], S::MemberLoop),
            S::Primary => Free(&[S::Ident, S::Global, S::Nested, S::List, S::Map, S::Message, S::Constant]),
            S::Ident => Free(&[S::IdentDot, S::IdentName]),
            S::IdentDot => Token(&[Dot], S::IdentName),
            S::IdentName => Token(&[Identifier], S::Stop),
            S::Global => Free(&[S::GlobalDot, S::GlobalName]),
            S::GlobalDot => Token(&[Dot], S::GlobalName),
            S::GlobalName => Token(&[Identifier], S::GlobalOpen),
            S::GlobalOpen => Token(&[LParen], S::GlobalArgs),
            S::GlobalArgs => Free(&[S::GlobalList, S::GlobalClose]),
            S::GlobalList => Rule(S::ExprList),
            S::GlobalClose | S::NestedClose => Token(&[RParen], S::Stop),
            S::Nested => Token(&[LParen], S::NestedExpr),
            S::NestedExpr => Rule(S::Expr),
            S::List => Token(&[LBracket], S::ListElems),
            S::ListElems => Free(&[S::ListInit, S::ListComma]),
            S::ListInit => Rule(S::Elems),
            S::ListComma => Free(&[S::ListCommaToken, S::ListClose]),
            S::ListCommaToken => Token(&[Comma], S::ListClose),
            S::ListClose => Token(&[RBracket], S::Stop),
            S::Map => Token(&[LBrace], S::MapEntries),
            S::MapEntries => Free(&[S::MapInit, S::MapComma]),
            S::MapInit => Rule(S::Entries),
            S::MapComma => Free(&[S::MapCommaToken, S::MapClose]),
            S::MapCommaToken => Token(&[Comma], S::MapClose),
            S::MapClose => Token(&[RBrace], S::Stop),
            S::Message => Free(&[S::MessageDot, S::MessageName]),
            S::MessageDot => Token(&[Dot], S::MessageName),
            S::MessageName | S::MessageNextName => Token(&[Identifier], S::MessageLoop),
            S::MessageLoop => Free(&[S::MessageNextDot, S::MessageOpen]),
            S::MessageNextDot => Token(&[Dot], S::MessageNextName),
            S::MessageOpen => Token(&[LBrace], S::MessageEntries),
            S::MessageEntries => Free(&[S::MessageInit, S::MessageComma]),
            S::MessageInit => Rule(S::Fields),
            S::MessageComma => Free(&[S::MessageCommaToken, S::MessageClose]),
            S::MessageCommaToken => Token(&[Comma], S::MessageClose),
            S::MessageClose => Token(&[RBrace], S::Stop),
            S::Constant => Rule(S::Literal),
            S::ExprList | S::ExprListNext => Rule(S::Expr),
            S::ExprListLoop => Free(&[S::ExprListComma, S::Stop]),
            S::ExprListComma => Token(&[Comma], S::ExprListNext),
            S::Elems | S::ElemsNext => Rule(S::OptExpr),
            S::ElemsLoop => Free(&[S::ElemsComma, S::Stop]),
            S::ElemsComma => Token(&[Comma], S::ElemsNext),
            S::Fields => Rule(S::OptField),
            S::FieldsColon => Token(&[Colon], S::FieldsValue),
            S::FieldsValue | S::FieldsNextValue => Rule(S::Expr),
            S::FieldsLoop => Free(&[S::FieldsComma, S::Stop]),
            S::FieldsComma => Token(&[Comma], S::FieldsNext),
            S::FieldsNext => Rule(S::OptField),
            S::FieldsNextColon => Token(&[Colon], S::FieldsNextValue),
            S::Entries => Rule(S::OptExpr),
            S::EntriesColon => Token(&[Colon], S::EntriesValue),
            S::EntriesValue | S::EntriesNextValue => Rule(S::Expr),
            S::EntriesLoop => Free(&[S::EntriesComma, S::Stop]),
            S::EntriesComma => Token(&[Comma], S::EntriesNext),
            S::EntriesNext => Rule(S::OptExpr),
            S::EntriesNextColon => Token(&[Colon], S::EntriesNextValue),
            S::OptField => Free(&[S::OptFieldQuestion, S::OptFieldName]),
            S::OptFieldQuestion => Token(&[Question], S::OptFieldName),
            S::OptFieldName => Rule(S::EscapeIdent),
            S::OptExpr => Free(&[S::OptExprQuestion, S::OptExprExpr]),
            S::OptExprQuestion => Token(&[Question], S::OptExprExpr),
            S::OptExprExpr => Rule(S::Expr),
            S::EscapeIdent => Free(&[S::SimpleName, S::EscapedName]),
            S::SimpleName => Token(&[Identifier], S::Stop),
            S::EscapedName => Token(&[EscapedIdentifier], S::Stop),
            S::Literal => Free(&[
                S::IntOpt, S::UintToken, S::FloatOpt, S::StringToken, S::BytesToken, S::TrueToken, S::FalseToken, S::NullToken,
            ]),
            S::IntOpt => Free(&[S::IntMinus, S::IntToken]),
            S::IntMinus => Token(&[Minus], S::IntToken),
            S::IntToken => Token(&[Int], S::Stop),
            S::UintToken => Token(&[Uint], S::Stop),
            S::FloatOpt => Free(&[S::FloatMinus, S::FloatToken]),
            S::FloatMinus => Token(&[Minus], S::FloatToken),
            S::FloatToken => Token(&[Float], S::Stop),
            S::StringToken => Token(&[Kind::String], S::Stop),
            S::BytesToken => Token(&[Bytes], S::Stop),
            S::TrueToken => Token(&[True], S::Stop),
            S::FalseToken => Token(&[False], S::Stop),
            S::NullToken => Token(&[Null], S::Stop),
        }
    }

    /// The tokens that may come next in this rule. No rule of the grammar is empty, so a rule is its first tokens.
    pub fn next(self) -> Tokens {
        if self == State::Stop {
            return Tokens(END_OF_RULE);
        }
        match self.step() {
            Step::Token(kinds, _) => Tokens::of(kinds),
            Step::Rule(rule) => rule.next(),
            Step::Free(states) => states
                .iter()
                .fold(Tokens::default(), |all, s| all.and(s.next())),
        }
    }

    /// The tokens that may come next, if these are the states to return to.
    pub fn next_within(self, returns: &[State]) -> Tokens {
        let mut tokens = self.next();
        let mut all = tokens.without_end();
        for state in returns.iter().rev() {
            if !tokens.may_end() {
                return all;
            }
            tokens = state.next();
            all = all.and(tokens.without_end());
        }
        if tokens.may_end() {
            all.and(Tokens::of(&[Eof]))
        } else {
            all
        }
    }
}
