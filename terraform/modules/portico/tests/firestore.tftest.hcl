# The database outlives mistakes, and forgets what it should.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

run "the_database_is_protected" {
  assert {
    condition = (
      google_firestore_database.main.name == "portico" &&
      google_firestore_database.main.location_id == "europe-west1" &&
      google_firestore_database.main.delete_protection_state == "DELETE_PROTECTION_ENABLED" &&
      google_firestore_database.main.deletion_policy == "PREVENT" &&
      google_firestore_database.main.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    )
    error_message = "the links could be lost"
  }

  assert {
    condition     = google_secret_manager_secret.google_client[0].deletion_protection
    error_message = "the secret could be lost"
  }
}

run "protection_is_switched_off_on_purpose_only" {
  command = plan

  variables {
    deletion_protection = false
    firestore_location  = "eur3"
  }

  assert {
    condition = (
      google_firestore_database.main.location_id == "eur3" &&
      google_firestore_database.main.delete_protection_state == "DELETE_PROTECTION_DISABLED" &&
      google_firestore_database.main.deletion_policy == "DELETE"
    )
    error_message = "a teardown would not go through"
  }
}

run "sessions_replays_events_and_usage_expire" {
  command = plan

  assert {
    condition = {
      for name, field in google_firestore_field.expiry : name => [field.collection, field.field, length(field.ttl_config)]
      } == {
      for name in ["events", "replays", "sessions", "usage"] : name => [name, "expire_at", 1]
    }
    error_message = "something is kept for ever"
  }
}

run "queries_keep_the_indexes_they_need" {
  command = plan

  assert {
    condition = !anytrue([
      for field in google_firestore_field.unindexed :
      contains(["links.account", "entitlements.account", "entitlements.state", "entitlements.unruled", "journal.account", "journal_texts.account", "sessions.account", "events.outcome", "reports.state", "usage.window"], "${field.collection}.${field.field}")
    ])
    error_message = "a query of store would fail"
  }

  assert {
    condition = jsonencode(sort([
      for field in google_firestore_field.unindexed : field.field if startswith(field.collection, "journal")
    ])) == jsonencode(["actor", "at", "details", "kind", "order", "text"])
    error_message = "what people typed, who they are or when it was is indexed"
  }

  assert {
    condition     = alltrue([for field in google_firestore_field.unindexed : length(field.index_config) == 1 && length(field.index_config[0].indexes) == 0])
    error_message = "a growing field is indexed"
  }
}
