//! Who sits at the browser.

use marketplace::{ProcurementAccountId, Role};
pub(super) use marketplace_simulator::initials;
use marketplace_simulator::{Account, Buyer, Order, Simulator, User};

use super::page::{Form, Refusal};

/// The person at the browser. It stands in the address, so that two tabs can be two people.
pub(super) struct Me(Option<Visitor>);

pub(super) struct Visitor {
    pub(super) account: Account,
    /// Counts from 1, in the order of the account's users.
    pub(super) number: usize,
    pub(super) person: User,
}

impl Me {
    pub(super) fn new_customer() -> Self {
        Self(None)
    }

    pub(super) fn find(
        simulator: &Simulator,
        account: &str,
        number: &str,
    ) -> Result<Self, Refusal> {
        let found = || {
            let account = simulator.account(&ProcurementAccountId::parse(account).ok()?)?;
            let number: usize = number.parse().ok()?;
            let person = account.users.get(number.checked_sub(1)?)?.clone();
            Some(Visitor {
                account,
                number,
                person,
            })
        };
        let visitor = found().ok_or(Refusal::NOT_FOUND)?;
        Ok(Self(Some(visitor)))
    }

    pub(super) fn of(simulator: &Simulator, form: &Form) -> Result<Self, Refusal> {
        match form.value("account") {
            "" => Ok(Self::new_customer()),
            account => Self::find(simulator, account, form.value("person")),
        }
    }

    pub(super) fn visitor(&self) -> Option<&Visitor> {
        self.0.as_ref()
    }

    /// The visitor, for what only a customer can do.
    pub(super) fn customer(&self) -> Result<&Visitor, Refusal> {
        self.visitor().ok_or(Refusal::NOT_FOUND)
    }

    pub(super) fn account(&self) -> Option<&ProcurementAccountId> {
        self.visitor().map(|visitor| &visitor.account.id)
    }

    pub(super) fn buyer(&self) -> Buyer {
        self.account().cloned().map_or(Buyer::New, Buyer::Existing)
    }

    /// The address of the listing as this person sees it after the purchase, which makes a new
    /// visitor a customer.
    pub(super) fn path_after(&self, order: &Order) -> String {
        let number = self.visitor().map_or(1, |visitor| visitor.number);
        path(&order.account, number)
    }

    /// The address of the listing as this person sees it.
    pub(super) fn path(&self) -> String {
        match self.visitor() {
            Some(visitor) => path(&visitor.account.id, visitor.number),
            None => "/new".to_owned(),
        }
    }

    /// The address of the listing that this form was posted from.
    pub(super) fn path_of(simulator: &Simulator, form: &Form) -> String {
        Self::of(simulator, form).map_or_else(|_| "/".to_owned(), |me| me.path())
    }

    pub(super) fn name(&self) -> &str {
        self.visitor()
            .map_or("New customer", |visitor| &visitor.person.name)
    }

    pub(super) fn initials(&self) -> String {
        initials(self.name())
    }

    pub(super) fn description(&self) -> String {
        match self.visitor() {
            Some(visitor) => customer_name(&visitor.account),
            None => "nothing bought yet".to_owned(),
        }
    }
}

pub(super) fn path(account: &ProcurementAccountId, number: usize) -> String {
    format!("/customers/{account}/{number}")
}

/// What a person calls a customer: the start of its account id.
pub(super) fn customer_name(account: &Account) -> String {
    let (start, _) = account.id.as_str().split_once('-').unwrap_or_default();
    format!("Customer {start}")
}

pub(super) fn roles(person: &User) -> String {
    let names: Vec<String> = person
        .roles
        .iter()
        .map(|r| r.as_str().replace('_', " "))
        .collect();
    if names.is_empty() {
        "no role".to_owned()
    } else {
        names.join(", ")
    }
}

/// The roles that the form names: one, or none at all.
pub(super) fn roles_of(form: &Form) -> Vec<Role> {
    match form.value("role") {
        "" => Vec::new(),
        role => vec![Role::from(role.to_owned())],
    }
}
