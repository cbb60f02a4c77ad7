//! What a line of an export is: one JSON object for each record, with its kind in `record`. This is part of the
//! interface of `operator export`; its README has the members.
//!
//! Each record is taken apart field by field, so that a new field is exported or is left out on purpose.

mod line;

use store::{Account, Entitlement, JournalEntry, JournalText, Link, UsageRecord, UsageReport};

use self::line::Line;
use crate::usage::number;

/// A record of which there is a line.
pub(super) trait Exportable {
    /// Where it is stored.
    const COLLECTION: &'static str;

    fn line(&self) -> Line<'_>;
}

impl Exportable for Account {
    const COLLECTION: &'static str = "accounts";

    fn line(&self) -> Line<'_> {
        let Self {
            id,
            provider,
            approval,
            rejecting,
            company,
            service_account,
            // Of a request under way, and of nothing but the order of news.
            enabling: _,
            touched: _,
            created,
            updated,
            opened,
            absent,
            closed,
            erase_hold,
            erase_asked,
            erased,
            order_left,
        } = self;
        Line::Account {
            account: id,
            provider: provider.as_ref(),
            approval: approval.as_str(),
            rejected: rejecting.map(|it| it.since),
            rejection_confirmed: rejecting.and_then(|it| it.confirmed),
            company: company.as_deref(),
            service_account: service_account.as_ref().map(|it| it.email.as_str()),
            service_account_unique_id: service_account.as_ref().map(|it| it.unique_id.as_str()),
            service_account_disabled: service_account.as_ref().and_then(|it| it.disabled),
            created: *created,
            updated: *updated,
            opened: *opened,
            absent_since: absent.map(|absence| absence.since),
            absence_accepted: absent.and_then(|absence| absence.accepted),
            closed: closed.map(|closed| closed.at),
            closed_because: closed.map(|closed| closed.because.as_str()),
            erase_held_until: erase_hold.as_ref().map(|hold| hold.until),
            erase_held_by: erase_hold.as_ref().map(|hold| hold.by.as_str()),
            erase_asked: *erase_asked,
            erased: *erased,
            order_left: *order_left,
        }
    }
}

impl Exportable for Link {
    const COLLECTION: &'static str = "links";

    fn line(&self) -> Line<'_> {
        let Self {
            account,
            user,
            profile,
            roles,
            orders,
            first_seen,
            last_seen,
        } = self;
        Line::Link {
            account,
            user,
            profile,
            roles,
            orders,
            first_seen: *first_seen,
            last_seen: *last_seen,
        }
    }
}

impl Exportable for Entitlement {
    const COLLECTION: &'static str = "entitlements";

    fn line(&self) -> Line<'_> {
        let Self {
            id,
            provider,
            account,
            product,
            plan,
            offer,
            state,
            usage_reporting_id,
            create_time,
            update_time,
            subscription_end,
            starts,
            unruled,
            absent,
            deleted,
            absence_confirmed,
        } = self;
        Line::Order {
            entitlement: id,
            account,
            provider: provider.as_ref(),
            product,
            plan: plan.as_ref(),
            offer: offer.as_deref(),
            state,
            usage_reporting_id: usage_reporting_id.as_deref(),
            create_time: *create_time,
            update_time: *update_time,
            subscription_end: *subscription_end,
            starts: *starts,
            unruled: unruled.map(store::Unruled::as_str),
            absent_since: absent.map(|absence| absence.since),
            absence_accepted: absent.and_then(|absence| absence.accepted),
            deleted: *deleted,
            absence_confirmed: *absence_confirmed,
        }
    }
}

impl Exportable for JournalEntry {
    const COLLECTION: &'static str = "journal";

    fn line(&self) -> Line<'_> {
        let Self {
            id,
            account,
            order,
            at,
            kind,
            actor,
            details,
        } = self;
        Line::Journal {
            id,
            at: *at,
            kind: kind.as_str(),
            account: account.as_ref(),
            entitlement: order.as_ref(),
            actor: actor.as_deref(),
            details,
        }
    }
}

impl Exportable for JournalText {
    const COLLECTION: &'static str = "journal_texts";

    fn line(&self) -> Line<'_> {
        let Self { id, account, text } = self;
        Line::JournalText { id, account, text }
    }
}

impl Exportable for UsageRecord {
    const COLLECTION: &'static str = "usage";

    fn line(&self) -> Line<'_> {
        let Self {
            entitlement,
            key,
            metric,
            quantity,
            occurred,
            labels,
            hour,
            late,
            received,
            keep_until,
        } = self;
        Line::Usage {
            entitlement,
            key,
            metric,
            quantity: number(*quantity),
            occurred: *occurred,
            labels,
            hour: *hour,
            late: *late,
            received: *received,
            keep_until: *keep_until,
        }
    }
}

impl Exportable for UsageReport {
    const COLLECTION: &'static str = "reports";

    fn line(&self) -> Line<'_> {
        let Self {
            id,
            entitlement,
            account,
            metric,
            start,
            end,
            labels,
            value,
            consumer,
            state,
            reason,
            attempts,
            created,
            updated,
        } = self;
        Line::Operation {
            id,
            entitlement,
            account,
            metric,
            start: *start,
            end: *end,
            labels,
            value: value.map(number),
            consumer: consumer.as_deref(),
            state: state.as_str(),
            reason: reason.as_deref(),
            attempts: *attempts,
            created: *created,
            updated: *updated,
        }
    }
}
