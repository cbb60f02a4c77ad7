//! What a document's id says.

use marketplace::{EntitlementId, ProcurementAccountId, TokenFingerprint};

/// What is written as the id of a document, and read from it again. Identifiers of Google's stand there
/// percent-encoded, so that none of their characters has a meaning to Firestore.
pub(crate) trait FromDocumentId: Sized {
    fn from_document_id(id: &str) -> Option<Self>;
}

impl FromDocumentId for String {
    fn from_document_id(id: &str) -> Option<Self> {
        Some(id.to_owned())
    }
}

impl FromDocumentId for TokenFingerprint {
    fn from_document_id(id: &str) -> Option<Self> {
        Self::parse(id).ok()
    }
}

macro_rules! percent_encoded {
    ($($name:ident),*) => {$(
        impl FromDocumentId for $name {
            /// Only what this version writes: another encoding of the same would be another document.
            fn from_document_id(id: &str) -> Option<Self> {
                let read = Self::from_percent_encoded(id).ok()?;
                let is_ours = read.percent_encoded() == id;
                is_ours.then_some(read)
            }
        }
    )*};
}

percent_encoded!(EntitlementId, ProcurementAccountId);

#[cfg(test)]
mod tests {
    use marketplace::UserIdentity;
    use proptest::prelude::*;

    use super::*;
    use crate::{Document, Shard};

    const IDS: &str = "[A-Za-z0-9._~:@+-]{1,128}|[:@+]{128}|_.{0,3}_|\\.{1,2}";

    /// All documents whose ids are made of these.
    fn documents(account: &str, order: &str, user: &str) -> Option<Vec<Document>> {
        let account = ProcurementAccountId::parse(account).ok()?;
        let order = EntitlementId::parse(order).ok()?;
        let user = UserIdentity::parse(user).ok()?;
        Some(vec![
            Document::account(&account),
            Document::entitlement(&order),
            Document::link(&account, &user),
            Document::meter(&order),
            Document::reading_progress(&order),
            Document::window_gate(&order, Shard::of(7)),
        ])
    }

    #[test]
    fn ids_that_were_accepted_before_are_ids_of_documents_as_they_are() {
        let (account, order) = ("E-1234-5678-ABCD-EFGH", "0f6b3c1e_5d2a.4e7b");
        let documents = documents(account, order, "1084").unwrap();
        let ids: Vec<_> = documents.iter().map(|it| it.id.as_str()).collect();
        let link = format!("{account}:1084");
        let gate = format!("07:{order}");
        assert_eq!(ids, [account, order, &link, order, order, &gate]);
    }

    #[test]
    fn an_id_that_was_encoded_otherwise_is_not_read() {
        for id in ["a%2Db", "a%3ab", "a:b", "a%3", "a%2Fb", "", "%2E"] {
            assert_eq!(EntitlementId::from_document_id(id), None, "{id}");
        }
        let id = EntitlementId::from_document_id("a%3Ab").unwrap();
        assert_eq!(id.as_str(), "a:b");
    }

    #[test]
    fn the_longest_ids_fit_into_one_document() {
        let documents = documents(&"a".repeat(128), &"@".repeat(128), &"1".repeat(128));
        for document in documents.unwrap() {
            assert!(document.has_valid_id(), "{}", document.id.len());
        }
    }

    proptest! {
        #[test]
        fn every_id_is_one_that_firestore_takes(
            account in "[a-z0-9._-]{1,128}",
            order in IDS,
            user in "[0-9._-]{1,128}",
        ) {
            for document in documents(&account, &order, &user).unwrap_or_default() {
                prop_assert!(document.has_valid_id(), "{}", document.id);
            }
        }

        #[test]
        fn what_is_written_into_an_id_is_read_from_it(order in IDS) {
            if let Ok(order) = EntitlementId::parse(order) {
                let read = EntitlementId::from_document_id(&Document::entitlement(&order).id);
                prop_assert_eq!(read, Some(order));
            }
        }

        #[test]
        fn no_two_ids_share_a_document(
            first in ("[a._-]{1,6}", "[a:@+~._-]{1,6}", "[a._-]{1,6}"),
            second in ("[a._-]{1,6}", "[a:@+~._-]{1,6}", "[a._-]{1,6}"),
        ) {
            let all = |(account, order, user): &(String, String, String)| documents(account, order, user);
            if let (Some(a), Some(b)) = (all(&first), all(&second)) {
                let same = [
                    first.0 == second.0,
                    first.1 == second.1,
                    (&first.0, &first.2) == (&second.0, &second.2),
                    first.1 == second.1,
                    first.1 == second.1,
                    first.1 == second.1,
                ];
                for ((a, b), same) in a.iter().zip(&b).zip(same) {
                    prop_assert_eq!(a == b, same);
                }
            }
        }
    }
}
