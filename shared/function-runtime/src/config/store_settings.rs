//! Where the links are.

use super::variables::{
    FIRESTORE_DATABASE, FIRESTORE_EMULATOR_HOST, GOOGLE_CLOUD_PROJECT, LINK_STORE,
};
use super::{Reader, parse, test_seams};

/// The settings of a function with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreSettings {
    /// Firestore, or its emulator.
    Firestore {
        /// Read from `GOOGLE_CLOUD_PROJECT`.
        project: String,
        /// Read from `FIRESTORE_DATABASE`.
        database: String,
        /// Read from `FIRESTORE_EMULATOR_HOST`: host and port on this machine.
        emulator: Option<String>,
    },
    /// The memory of this process: a test seam.
    Memory,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StoreKind {
    Firestore,
    Memory,
}

impl StoreSettings {
    /// Reads them. `None` after a problem was recorded.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let kind = reader.required(&LINK_STORE, |text| {
            let kinds = [StoreKind::Firestore, StoreKind::Memory];
            parse::one_of(text, &["firestore", "memory"], kinds)
        });
        let emulator = reader.optional(&FIRESTORE_EMULATOR_HOST, test_seams::emulator);
        if !matches!(emulator, Some(None)) {
            test_seams::check(reader, &FIRESTORE_EMULATOR_HOST);
        }
        if kind == Some(StoreKind::Memory) {
            test_seams::check(reader, &LINK_STORE);
            return Some(Self::Memory);
        }
        let project = reader.required(&GOOGLE_CLOUD_PROJECT, parse::project);
        let database = reader.required(&FIRESTORE_DATABASE, parse::database);
        kind?;
        Some(Self::Firestore {
            project: project?,
            database: database?,
            emulator: emulator?,
        })
    }
}
