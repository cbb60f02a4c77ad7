//! The filter of `entitlements.list`.
//!
//! Predicates `attribute=value`, `attribute!=value` and `attribute:value`, joined by `AND`, `OR`,
//! `NOT` and parentheses; two predicates side by side mean `AND`. Source: discovery document,
//! parameter `filter`. Which of `AND` and `OR` binds tighter is not documented, so a filter that mixes
//! them without parentheses is refused here.

use marketplace::{PlanId, ProviderId};

use crate::google_error::GoogleError;
use crate::marketplace_state::Entitlement;

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 20;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Everything,
    Is(Attribute, String),
    Not(Box<Filter>),
    And(Vec<Filter>),
    Or(Vec<Filter>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    Account,
    State,
    Product,
    Plan,
    PendingPlan,
    Offer,
    PendingOffer,
    Quote,
    Consumer,
    /// Documented, but nothing the simulator's entitlements have.
    Absent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Equals,
    Differs,
    Has,
    Open,
    Close,
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, GoogleError> {
        if text.trim().is_empty() {
            return Ok(Self::Everything);
        }
        let parsed = tokens(text).and_then(|tokens| {
            let mut parser = Parser { tokens: &tokens };
            let filter = parser.sequence(0)?;
            parser.tokens.is_empty().then_some(filter)
        });
        parsed.ok_or_else(|| GoogleError::invalid_argument("Invalid filter."))
    }

    pub(super) fn fits(&self, provider: &ProviderId, entitlement: &Entitlement) -> bool {
        let fits = |filter: &Self| filter.fits(provider, entitlement);
        match self {
            Self::Everything => true,
            Self::Is(attribute, value) => attribute.is(value, provider, entitlement),
            Self::Not(filter) => !fits(filter),
            Self::And(filters) => filters.iter().all(fits),
            Self::Or(filters) => filters.iter().any(fits),
        }
    }
}

impl Attribute {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "account" => Self::Account,
            "state" => Self::State,
            // `product` is in the documentation's examples, though not in its list.
            "product" | "product_external_name" => Self::Product,
            "plan" => Self::Plan,
            "newPendingPlan" | "new_pending_plan" => Self::PendingPlan,
            "offer" => Self::Offer,
            "new_pending_offer" => Self::PendingOffer,
            "quote_external_name" => Self::Quote,
            "consumers.project" => Self::Consumer,
            "customer_billing_account" | "services" | "change_history.new_offer" => Self::Absent,
            _ => return None,
        })
    }

    fn is(self, value: &str, provider: &ProviderId, entitlement: &Entitlement) -> bool {
        match self {
            Self::Account => {
                let id = value
                    .strip_prefix("providers/")
                    .and_then(|rest| rest.strip_prefix(provider.as_str()))
                    .and_then(|rest| rest.strip_prefix("/accounts/"));
                id.unwrap_or(value) == entitlement.account.as_str()
            }
            Self::State => {
                let state = entitlement.state.as_str();
                let short = state.strip_prefix("ENTITLEMENT_").unwrap_or(state);
                value.eq_ignore_ascii_case(state) || value.eq_ignore_ascii_case(short)
            }
            Self::Product => value == entitlement.product.as_str(),
            Self::Plan => value == entitlement.plan.as_str(),
            Self::PendingPlan => {
                entitlement.new_pending_plan.as_ref().map(PlanId::as_str) == Some(value)
            }
            Self::Offer => value == entitlement.offer,
            Self::PendingOffer => {
                let offer = entitlement.new_pending_offer.as_ref();
                offer.is_some_and(|offer| value == offer.name)
            }
            Self::Quote => entitlement.quote.as_deref() == Some(value),
            Self::Consumer => entitlement.consumer_project().as_deref() == Some(value),
            Self::Absent => false,
        }
    }
}

/// None if a character has no place outside double quotes: anything but letters, digits, `_`, `-`
/// and `.` (the documentation's own examples have `-` unquoted).
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '=' => (Token::Equals, 1),
            ':' => (Token::Has, 1),
            '!' if rest.starts_with("!=") => (Token::Differs, 2),
            '"' => {
                let quoted = rest.get(1..)?.split_once('"')?.0;
                (Token::Quoted(quoted.to_owned()), quoted.len() + 2)
            }
            _ => {
                let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest.get(..length)?.to_owned()), length)
            }
        };
        if length == 0 {
            return None;
        }
        tokens.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
}

impl Parser<'_> {
    /// Predicates that are all joined by `AND`, or all by `OR`.
    fn sequence(&mut self, depth: usize) -> Option<Filter> {
        let mut filters = vec![self.one(depth)?];
        let mut all = false;
        let mut any = false;
        while !matches!(self.tokens.first(), None | Some(Token::Close)) {
            if self.take_word("OR") {
                any = true;
            } else {
                // `AND` may be left out.
                self.take_word("AND");
                all = true;
            }
            filters.push(self.one(depth)?);
        }
        match (all, any) {
            (true, true) => None,
            (_, true) => Some(Filter::Or(filters)),
            _ if filters.len() == 1 => filters.pop(),
            _ => Some(Filter::And(filters)),
        }
    }

    fn one(&mut self, depth: usize) -> Option<Filter> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.take_word("NOT") {
            return Some(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        match self.take()? {
            Token::Open => {
                let filter = self.sequence(depth + 1)?;
                (self.take()? == Token::Close).then_some(filter)
            }
            Token::Word(name) => {
                let attribute = Attribute::parse(&name)?;
                let operator = self.take()?;
                let (Token::Word(value) | Token::Quoted(value)) = self.take()? else {
                    return None;
                };
                let filter = Filter::Is(attribute, value);
                match operator {
                    Token::Equals | Token::Has => Some(filter),
                    Token::Differs => Some(Filter::Not(Box::new(filter))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn take(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Word(word)) if word == wanted);
        if is_next {
            self.take();
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(attribute: Attribute, value: &str) -> Filter {
        Filter::Is(attribute, value.to_owned())
    }

    #[test]
    fn documented_filters_are_understood() {
        let account = || is(Attribute::Account, "E-1234");
        for (text, filter) in [
            ("", Filter::Everything),
            ("account=E-1234", account()),
            ("account=\"E-1234\"", account()),
            ("account = E-1234", account()),
            (
                "plan!=foo-plan",
                Filter::Not(Box::new(is(Attribute::Plan, "foo-plan"))),
            ),
            (
                "account=E-1234 state=active",
                Filter::And(vec![account(), is(Attribute::State, "active")]),
            ),
            (
                "state=ENTITLEMENT_ACTIVE AND (account=E-1234 OR account=5678) AND NOT (product=foo-product)",
                Filter::And(vec![
                    is(Attribute::State, "ENTITLEMENT_ACTIVE"),
                    Filter::Or(vec![account(), is(Attribute::Account, "5678")]),
                    Filter::Not(Box::new(is(Attribute::Product, "foo-product"))),
                ]),
            ),
        ] {
            assert_eq!(Filter::parse(text), Ok(filter), "{text}");
        }
    }

    #[test]
    fn other_filters_are_refused() {
        let deep = format!("{}state=active{}", "(".repeat(50), ")".repeat(50));
        for text in [
            "account",
            "account=",
            "account=a:b",
            "account=\"a",
            "colour=red",
            "account=a OR",
            "OR account=a",
            "account=a AND AND state=active",
            "(account=a",
            "account=a)",
            "()",
            "account=a AND state=active OR state=suspended",
            "account=a/b",
            &deep,
        ] {
            let refused = Filter::parse(text).map_err(|error| error.status);
            assert_eq!(refused, Err("INVALID_ARGUMENT"), "{text}");
        }
    }
}
