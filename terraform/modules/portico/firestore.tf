resource "google_firestore_database" "main" {
  name                              = local.database
  location_id                       = coalesce(var.firestore_location, var.region)
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "PREVENT" : "DELETE"

  depends_on = [time_sleep.apis]
}

locals {
  # Collections whose documents end by themselves at `expire_at`.
  expiring = toset(["events", "replays", "sessions", "usage"])

  # Fields that no query asks for. Times grow with every write, and an index on them would put all
  # writes on one range; the others are long or personal. There is no composite index: the queries
  # (crate `store`) are served by Firestore's own.
  unindexed = {
    accounts      = ["absent", "closed", "company", "created", "deleted", "enabling", "erase_asked", "erase_hold", "opened", "order_left", "rejecting", "service_account", "touched", "updated"]
    entitlements  = ["absence_confirmed", "absent", "create_time", "deleted", "starts", "subscription_end", "update_time"]
    events        = ["body", "handled"]
    gates         = ["ended", "gap", "open"]
    journal       = ["actor", "at", "details", "kind", "order"]
    journal_texts = ["text"]
    links         = ["first_seen", "last_seen", "profile"]
    meters        = ["account", "closing", "ended", "gap", "open", "stop_reason", "stopped", "updated"]
    outbox        = ["data", "occurred", "sequence"]
    readings      = ["after", "from", "hour", "past_end", "tally", "until", "updated"]
    replays       = ["expires", "issued"]
    reports       = ["account", "attempts", "consumer", "created", "end", "entitlement", "labels", "metric", "reason", "start", "updated", "value"]
    sessions      = ["created", "customer", "sign_in"]
    usage         = ["entitlement", "hour", "key", "labels", "late", "metric", "occurred", "quantity", "received"]
  }
}

# Each change of a field is an operation of minutes, which goes on by itself: nothing here waits for it.
#
# Expired documents disappear within a day. Every read checks by itself, this only cleans up.
resource "google_firestore_field" "expiry" {
  for_each = local.expiring

  database   = google_firestore_database.main.name
  collection = each.key
  field      = "expire_at"
  skip_wait  = true

  ttl_config {}

  # Without a member, this is "no index".
  index_config {}

  # Whether it was waited for is no difference to a field that is there.
  lifecycle {
    ignore_changes = [skip_wait]
  }
}

resource "google_firestore_field" "unindexed" {
  for_each = {
    for pair in flatten([
      for collection, fields in local.unindexed : [
        for field in fields : { collection = collection, field = field }
      ]
    ]) : "${pair.collection}.${pair.field}" => pair
  }

  database   = google_firestore_database.main.name
  collection = each.value.collection
  field      = each.value.field
  skip_wait  = true

  index_config {}

  lifecycle {
    ignore_changes = [skip_wait]
  }
}
