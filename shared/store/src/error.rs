//! What can go wrong between us and the store.

/// The store could not be asked, or answered what cannot be understood. Nothing is known then
/// about what was to be read or written.
///
/// It carries no document, no document name and no field's content: names of links hold user
/// identities.
#[derive(Debug, thiserror::Error)]
pub enum StoreUnavailable {
    /// The deadline passed first.
    #[error("the store did not answer in time")]
    TimedOut,
    /// No connection, or no credentials for it.
    #[error("the store cannot be reached: {detail}")]
    Unreachable {
        /// What the network or the credentials library said.
        detail: String,
    },
    /// The store was reached and failed, or the connection broke.
    #[error("the store answered with an error: {code}: {detail}")]
    Failed {
        /// The gRPC status, such as `Unavailable` or `PermissionDenied`.
        code: String,
        /// Its message, left out where it may name a document.
        detail: String,
    },
    /// A stored document is not one of ours.
    #[error(
        "a document of `{collection}` cannot be read: its field `{field}` is missing or malformed"
    )]
    Undecodable {
        /// The collection.
        collection: &'static str,
        /// The first field that could not be read; `id` for the document's own id.
        field: &'static str,
    },
    /// A commit that no store takes: a mistake in this program.
    #[error("a write to `{collection}` is not valid: {problem}")]
    Malformed {
        /// The collection.
        collection: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Why a commit has no effect that is known of.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another request was first: a precondition does not hold, and nothing was written. Read again.
    ///
    /// The other request may be this very commit, when its first answer was lost and it was sent
    /// again: reading again shows it.
    #[error("another request changed a document first")]
    Conflict,
    /// The store could not be asked. If it failed while the commit was under way, the commit may
    /// have been applied, whole: read again before anything is decided.
    #[error("the commit was not confirmed")]
    Unavailable(#[from] StoreUnavailable),
}
