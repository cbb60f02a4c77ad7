//! Brings in the users whom another integration has linked to accounts: all lines of a file, or none.

mod cells;
mod lines;

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{ProcurementAccountId, UserIdentity};
use store::{Account, Commit, Document, JournalEntry, JournalKind, Link, Stored, retry_contended};

use self::lines::{BadLine, ImportedLink, read};
use crate::actor::Actor;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};
use crate::walks::PAGE;

/// The lines of a file, by their accounts.
type ByAccount = BTreeMap<ProcurementAccountId, Vec<ImportedLink>>;

/// Links users to accounts.
pub struct LinkImport<'a> {
    operations: &'a Operations,
    links: ByAccount,
    by: Actor,
}

/// The lines of a file, compared with what is stored.
#[derive(Default)]
struct Compared {
    new: ByAccount,
    /// How many say what is stored already.
    same: usize,
    /// The lines of users who are linked already, and of whom something else is stored.
    different: Vec<usize>,
}

impl Operations {
    /// Links the users of a CSV file to their accounts, which reconciliation must have brought in before. If one line
    /// cannot be imported, none is, and every such line is named. A link that is there already stays as it is.
    pub async fn import_links(
        &self,
        file: &[u8],
        by: &Actor,
    ) -> Result<Prepared<LinkImport<'_>>, OperationError> {
        let (links, mut bad) = read(file);
        let links = by_account(links);
        bad.extend(self.of_unusable_accounts(&links).await?);
        if !bad.is_empty() {
            return Err(refused(bad));
        }
        let compared = self.compared(links).await?;
        let notes = compared.notes();
        if compared.new.is_empty() {
            return Ok(Prepared::nothing(notes));
        }
        let users = count(&compared.new);
        let accounts = compared.new.len();
        let intention = format!("This links {users} users to {accounts} accounts.");
        let decision = LinkImport {
            operations: self,
            links: compared.new,
            by: by.clone(),
        };
        Ok(Prepared::proposal(notes, intention, decision))
    }

    /// The lines of accounts to which nobody can be linked.
    async fn of_unusable_accounts(
        &self,
        links: &ByAccount,
    ) -> Result<Vec<BadLine>, OperationError> {
        let mut bad = Vec::new();
        for (id, links) in links {
            let account = self.store.account(id, call_deadline()).await?;
            let account = account.as_ref().map(|stored| &stored.record);
            if let Some(problem) = self.why_unusable(account) {
                let bad_line = |link: &ImportedLink| BadLine {
                    line: link.line,
                    problem: format!("account {id} {problem}"),
                };
                bad.extend(links.iter().map(bad_line));
            }
        }
        Ok(bad)
    }

    fn why_unusable(&self, account: Option<&Account>) -> Option<&'static str> {
        match account {
            None => Some(
                "is not stored: if Google has it, the next whole round of reconciliation brings it in",
            ),
            Some(account) if !account.is_of(&self.provider) => Some("belongs to another provider"),
            Some(account) if account.is_closed() => Some("is closed"),
            Some(_) => None,
        }
    }

    async fn compared(&self, links: ByAccount) -> Result<Compared, OperationError> {
        let mut compared = Compared::default();
        for (id, links) in links {
            for links in links.chunks(PAGE) {
                let stored = self.stored_links(links).await?;
                for (link, stored) in links.iter().zip(stored) {
                    match stored {
                        None => compared
                            .new
                            .entry(id.clone())
                            .or_default()
                            .push(link.clone()),
                        Some(stored) if link.says_the_same(&stored.record) => compared.same += 1,
                        Some(_) => compared.different.push(link.line),
                    }
                }
            }
        }
        Ok(compared)
    }

    async fn stored_links(
        &self,
        links: &[ImportedLink],
    ) -> Result<Vec<Option<Stored<Link>>>, OperationError> {
        let ids: Vec<(ProcurementAccountId, UserIdentity)> = links
            .iter()
            .map(|link| (link.account.clone(), link.user.clone()))
            .collect();
        Ok(self.store.links(&ids, call_deadline()).await?)
    }
}

impl Decision for LinkImport<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let (mut linked, mut error) = (0_usize, None);
        let parts = self.links.iter();
        let parts = parts.flat_map(|(id, links)| links.chunks(PAGE).map(move |some| (id, some)));
        let parts: Vec<_> = parts.collect();
        for (id, links) in parts {
            match self.link(id, links).await {
                Ok(count) => linked += count,
                Err(failed) => {
                    error = Some(failed);
                    break;
                }
            }
        }
        DecisionOutcome {
            sentences: vec![format!("{linked} users were linked.")],
            error,
            ..DecisionOutcome::default()
        }
    }
}

impl LinkImport<'_> {
    /// One commit: the links that are not there yet, the account's company if it has none, and the line of the journal;
    /// only if nobody has closed the account meanwhile.
    async fn link(
        &self,
        id: &ProcurementAccountId,
        links: &[ImportedLink],
    ) -> Result<usize, OperationError> {
        retry_contended(|| async {
            let operations = self.operations;
            let stored = operations.store.account(id, call_deadline()).await?;
            let record = stored.as_ref().map(|stored| &stored.record);
            let (Some(account), None) = (&stored, operations.why_unusable(record)) else {
                return Err(OperationError::Overtaken(format!(
                    "account {id} was closed meanwhile, and nobody was linked to it"
                )));
            };
            let known = operations.stored_links(links).await?;
            let new = links.iter().zip(&known);
            let new = new.filter(|(_, known)| known.is_none());
            let new: Vec<_> = new.map(|(link, _)| link).collect();
            if new.is_empty() {
                return Ok(0);
            }
            let now = operations.clock.stored_now();
            let commit = with_account(Commit::new(), account, &new);
            let commit = new
                .iter()
                .fold(commit, |commit, link| commit.create(link.record(now)));
            let entry = JournalEntry::of_account(id, JournalKind::LinksImported, now);
            let note = Note::new(entry.with("links", new.len()), &self.by, None);
            let commit = note.add_to(commit);
            operations.store.commit(commit, call_deadline()).await?;
            Ok(new.len())
        })
        .await
    }
}

/// When the account was last changed stays as it is: reconciliation compares that with Google's own changes.
fn with_account(commit: Commit, stored: &Stored<Account>, links: &[&ImportedLink]) -> Commit {
    let company = links.iter().find_map(|link| link.profile.get("company"));
    match company {
        Some(company) if stored.record.company.is_none() => {
            let account = Account {
                company: Some(company.clone()),
                ..stored.record.clone()
            };
            commit.replace(account, &stored.version)
        }
        _ => commit.unchanged(Document::account(&stored.record.id), &stored.version),
    }
}

impl ImportedLink {
    fn says_the_same(&self, stored: &Link) -> bool {
        let mut known = self.profile.iter();
        known.all(|(name, value)| stored.profile.get(name) == Some(value))
    }

    /// As a sign-up would leave it, of which no token was seen.
    fn record(&self, now: Timestamp) -> Link {
        Link {
            account: self.account.clone(),
            user: self.user.clone(),
            profile: self.profile.clone(),
            roles: Vec::new(),
            orders: Vec::new(),
            first_seen: now,
            last_seen: now,
        }
    }
}

impl Compared {
    fn notes(&self) -> Vec<String> {
        let different = self.different.iter().map(|line| {
            format!(
                "Line {line}: this user is linked already, with other details. That link stays as it is."
            )
        });
        let same = (self.same > 0).then(|| format!("{} users are linked already.", self.same));
        let nothing = self.new.is_empty() && self.same == 0 && self.different.is_empty();
        let nothing = nothing.then(|| "The file names no user.".to_owned());
        different.chain(same).chain(nothing).collect()
    }
}

fn by_account(links: Vec<ImportedLink>) -> ByAccount {
    let mut all = ByAccount::new();
    for link in links {
        all.entry(link.account.clone()).or_default().push(link);
    }
    all
}

fn count(links: &ByAccount) -> usize {
    links.values().map(Vec::len).sum()
}

/// All of them, in the order of the file.
fn refused(mut bad: Vec<BadLine>) -> OperationError {
    bad.sort();
    let lines = bad.iter().map(ToString::to_string);
    let lines: Vec<_> = lines.collect();
    let lines = lines.join("\n");
    OperationError::not_applicable(format!("no line of the file was imported:\n{lines}"))
}
