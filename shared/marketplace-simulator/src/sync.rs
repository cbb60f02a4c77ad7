//! Values that several tasks share, and a counter of their changes for tasks that wait for one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Locks the value. After a panic elsewhere it is as good as before: every change here is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A value behind a lock that announces its changes.
#[derive(Debug, Default)]
pub struct Watched<T> {
    value: Mutex<T>,
    revision: watch::Sender<u64>,
}

impl<T> Watched<T> {
    /// This value; nothing has changed yet.
    pub fn new(value: T) -> Self {
        Self {
            value: Mutex::new(value),
            revision: watch::Sender::new(0),
        }
    }

    /// The value, to look at, or to change without an announcement.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        lock(&self.value)
    }

    /// Changes the value and announces it.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.revision.send_modify(|revision| *revision += 1);
        result
    }

    /// The counter of changes. Waiting for the next one does not fail while this value lives.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }
}
