//! Whether the journal, usage and the outbox can be read.

use operations::{OperationError, Operations, UsageLedger, UsageQuery};

use super::finding::Finding;
use crate::advice;

/// So many documents of a collection cannot be read, and this follows from it.
struct Unreadable {
    collections: &'static str,
    count: usize,
    follows: &'static str,
}

pub(super) async fn check(operations: &Operations) -> Vec<Finding> {
    let mut found = judge("the journal", journal(operations).await);
    found.extend(judge("usage", usage(operations).await));
    found.extend(judge("the outbox", outbox(operations).await));
    found
}

async fn journal(operations: &Operations) -> Result<Vec<Unreadable>, OperationError> {
    let (_, count) = operations.journal(None).await?;
    Ok(vec![Unreadable {
        collections: "the collections journal and journal_texts",
        count,
        follows: "`operator journal` leaves them out, and an account whose texts are among them is not erased",
    }])
}

/// Operations that were reported are not looked through: they are many, and nothing is done with them any more.
async fn usage(operations: &Operations) -> Result<Vec<Unreadable>, OperationError> {
    let mut ledger = UsageLedger::new(operations.store.clone(), operations.clock);
    let query = UsageQuery {
        entitlement: None,
        all: false,
    };
    let overview = ledger.overview(&query, operations.clock.now()).await?;
    Ok(vec![
        Unreadable {
            collections: "the collection reports",
            count: overview.unreadable_operations,
            follows: "these operations are not reported, be they pending, refused or held",
        },
        Unreadable {
            collections: "the collection meters",
            count: overview.unreadable_meters.len(),
            follows: "nothing of their entitlements is reported; `operator usage` names them",
        },
    ])
}

async fn outbox(operations: &Operations) -> Result<Vec<Unreadable>, OperationError> {
    Ok(vec![Unreadable {
        collections: "the collection outbox",
        count: operations.unreadable_news().await?,
        follows: "the application does not hear of these changes",
    }])
}

fn judge(what: &str, read: Result<Vec<Unreadable>, OperationError>) -> Vec<Finding> {
    let read = match read {
        Ok(read) => read.into_iter(),
        Err(error) => {
            let what = format!("whether all of {what} can be read is not known");
            return vec![Finding::unknown(what, advice::on(&error))];
        }
    };
    let found = read.filter(|it| it.count > 0).map(|it| {
        let Unreadable {
            collections,
            count,
            follows,
        } = it;
        Finding::problem(
            format!("{count} documents of {collections} cannot be read: {follows}"),
            "repair them in the Firestore console",
        )
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use store::StoreUnavailable;

    use super::super::finding::tests::{assert_cause, causes};
    use super::*;

    fn unreadable(count: usize) -> Vec<Unreadable> {
        vec![Unreadable {
            collections: "the collection outbox",
            count,
            follows: "nobody hears of it",
        }]
    }

    #[test]
    fn only_what_cannot_be_read_is_named() {
        assert_cause(judge("it", Ok(unreadable(0))), "");
        assert_cause(
            judge("it", Ok(unreadable(2))),
            "2 documents of the collection outbox",
        );
    }

    #[test]
    fn a_store_that_does_not_answer_leaves_it_unknown() {
        let found = judge("it", Err(StoreUnavailable::TimedOut.into()));
        assert_eq!(causes(found), ["unknown"]);
    }
}
