//! A customer's procurement account, and the people who may act for it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{AccountState, ApprovalState, ProcurementAccountId, Role, UserIdentity};

use super::{NotPossible, names};
use crate::google_error::GoogleError;
use crate::random;

const SIGNUP: &str = "signup";
/// Longer reasons are cut, says the API's documentation.
const MAX_REASON_BYTES: usize = 256;

/// A customer's account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its id, a UUID.
    pub id: ProcurementAccountId,
    /// Always active: accounts are born so.
    pub state: AccountState,
    /// What the vendor has granted: one approval, `signup`.
    pub approvals: Vec<Approval>,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it changed last.
    pub update_time: Timestamp,
    /// What the vendor stored with an approval.
    pub properties: BTreeMap<String, String>,
    /// Who may act for it; the first one bought.
    pub users: Vec<User>,
    /// How many approvals changed anything. A call that was refused does not count.
    pub times_approved: u32,
    /// How many rejections changed anything.
    pub times_rejected: u32,
    /// Whether it is the vendor's own, for which `reset` is allowed.
    pub is_own_test_account: bool,
}

/// One approval of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// `signup`.
    pub name: String,
    /// Pending, approved or rejected.
    pub state: ApprovalState,
    /// What the vendor gave as the reason.
    pub reason: Option<String>,
    /// When it changed last.
    pub update_time: Timestamp,
}

/// A person with a Google account who may act for a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The obfuscated GAIA id.
    pub identity: UserIdentity,
    /// What the person is called.
    pub name: String,
    /// The e-mail address of the Google account.
    pub email: String,
    /// `google.roles` of this person's tokens.
    pub roles: Vec<Role>,
}

impl Account {
    /// Whether the customer has signed up: the state of the approval `signup`.
    pub fn signup(&self) -> &ApprovalState {
        const PENDING: &ApprovalState = &ApprovalState::Pending;
        self.approvals
            .iter()
            .find(|approval| approval.name == SIGNUP)
            .map_or(PENDING, |approval| &approval.state)
    }

    /// The user with this identity.
    pub fn user(&self, identity: &UserIdentity) -> Option<&User> {
        self.users.iter().find(|user| &user.identity == identity)
    }

    #[expect(clippy::expect_used, reason = "a UUID is a valid id")]
    pub(super) fn created(now: Timestamp) -> Self {
        let mut account = Self {
            id: ProcurementAccountId::parse(random::uuid()).expect("a UUID is a valid id"),
            state: AccountState::Active,
            approvals: vec![Approval {
                name: SIGNUP.to_owned(),
                state: ApprovalState::Pending,
                reason: None,
                update_time: now,
            }],
            create_time: now,
            update_time: now,
            properties: BTreeMap::new(),
            users: Vec::new(),
            times_approved: 0,
            times_rejected: 0,
            is_own_test_account: false,
        };
        account.add_user(vec![Role::AccountAdmin]);
        account
    }

    #[expect(clippy::expect_used, reason = "digits are a valid id")]
    pub(crate) fn add_user(&mut self, roles: Vec<Role>) -> UserIdentity {
        let identity = UserIdentity::parse(random::digits(21)).expect("digits are a valid id");
        let (customer, _) = self.id.as_str().split_once('-').unwrap_or_default();
        let (first, last) = names::of_person(customer, self.users.len());
        let address = format!("{first}.{last}").to_lowercase();
        self.users.push(User {
            identity: identity.clone(),
            name: format!("{first} {last}"),
            email: format!("{address}@customer-{customer}.example"),
            roles,
        });
        identity
    }

    /// One more user, who is known already.
    pub(crate) fn admit(&mut self, user: User) -> Result<(), NotPossible> {
        NotPossible::unless(self.user(&user.identity).is_none())?;
        self.users.push(user);
        Ok(())
    }

    pub(crate) fn set_roles(
        &mut self,
        user: &UserIdentity,
        roles: Vec<Role>,
    ) -> Result<(), NotPossible> {
        let mut users = self.users.iter_mut();
        let user = users.find(|candidate| &candidate.identity == user);
        user.ok_or(NotPossible::UnknownUser)?.roles = roles;
        Ok(())
    }

    /// Grants an approval that is pending or was rejected.
    pub(crate) fn approve(
        &mut self,
        approval: Option<&str>,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        self.decide(approval, ApprovalState::Approved, reason, now)?;
        self.times_approved += 1;
        Ok(())
    }

    pub(crate) fn reject(
        &mut self,
        approval: Option<&str>,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        self.decide(approval, ApprovalState::Rejected, reason, now)?;
        self.times_rejected += 1;
        Ok(())
    }

    /// Takes the account back to before its sign-up; only the vendor's own test accounts.
    pub(super) fn reset(&mut self, now: Timestamp) -> Result<(), GoogleError> {
        if !self.is_own_test_account {
            return Err(GoogleError::permission_denied());
        }
        for approval in &mut self.approvals {
            approval.state = ApprovalState::Pending;
            approval.reason = None;
            approval.update_time = now;
        }
        self.update_time = now;
        Ok(())
    }

    fn decide(
        &mut self,
        name: Option<&str>,
        decision: ApprovalState,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        let name = name.unwrap_or(SIGNUP);
        let Some(approval) = self.approvals.iter_mut().find(|a| a.name == name) else {
            return Err(GoogleError::invalid_argument("Unknown approval name."));
        };
        let allowed = match approval.state {
            ApprovalState::Pending => true,
            ApprovalState::Rejected => decision == ApprovalState::Approved,
            _ => false,
        };
        if !allowed {
            return Err(GoogleError::failed_precondition());
        }
        approval.state = decision;
        approval.reason = reason.map(|text| cut(text).to_owned());
        approval.update_time = now;
        self.update_time = now;
        Ok(())
    }
}

/// At most 256 bytes, at a character's border.
fn cut(text: &str) -> &str {
    let end = (0..=MAX_REASON_BYTES.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    text.get(..end).unwrap_or_default()
}
