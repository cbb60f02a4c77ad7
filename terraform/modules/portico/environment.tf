# The variables of each function: exactly those its binary declares as deployed, which
# tests/environment.tftest.hcl compares. A value that is null is not set.
locals {
  # Every function.
  base_variables = {
    GOOGLE_CLOUD_PROJECT = var.project
    FIRESTORE_DATABASE   = google_firestore_database.main.name
    LOG_LEVEL            = var.log_level
  }

  # What a customer's browser calls: crate `customer-entry`.
  entry_variables = {
    MARKETPLACE_AUDIENCES  = join(",", local.marketplace_audiences)
    ACCEPTED_ROLES         = join(",", var.accepted_roles)
    VENDOR_NAME            = var.vendor_name
    SUPPORT_URL            = var.support_url
    LISTING_URL            = var.listing_url
    APPLICATION_SIGNUP_URL = local.application_signup_url
    APPLICATION_LOGIN_URL  = local.application_login_url
    HAND_OFF_SIGNER        = google_service_account.hand_off.email
    GOOGLE_SIGN_IN         = var.google_sign_in
    GOOGLE_CLIENT_ID       = var.google_sign_in == "required" ? var.google_client_id : null
  }

  # What approves: crate `approval`.
  approval_variables = {
    PROCUREMENT_PROVIDER = var.procurement_provider
    PRODUCTS             = join(",", var.products)
    APPROVAL_POLICY      = var.approval_policy
    EVENTS_TOPIC         = google_pubsub_topic.changes.id
  }

  environment = {
    signup = merge(local.base_variables, local.entry_variables, local.approval_variables, {
      PUBLIC_URL         = local.public_urls["signup"]
      SIGNUP_MODE        = var.signup_mode
      SIGNUP_FORM_FIELDS = join(",", var.signup_form_fields)
    })

    sso-login = merge(local.base_variables, local.entry_variables, {
      PUBLIC_URL = local.public_urls["sso-login"]
      PRODUCTS   = join(",", var.products)
    })

    service-account-link = merge(local.base_variables, {
      PUBLIC_URL                     = local.public_urls["service-account-link"]
      IDENTITY_AUDIENCE              = local.identity_audiences["service-account-link"]
      PRODUCTS                       = join(",", var.products)
      CALLERS                        = try(join(",", var.service_account_link.callers), null)
      SERVICE_NAME                   = try(var.service_account_link.service_name, null)
      SERVICE_ACCOUNT_PROJECT        = local.service_account_project
      SERVICE_ACCOUNT_PROJECT_SHARED = var.service_account_project_shared
      SERVICE_ACCOUNT_ROLES          = try(join(",", var.service_account_link.roles), null)
      REDIRECT_DOMAINS               = try(join(",", var.service_account_link.redirect_domains), null)
      CONSOLE_HOST                   = try(var.service_account_link.console_host, null)
    })

    usage-report = merge(local.base_variables, {
      PUBLIC_URL           = local.public_urls["usage-report"]
      IDENTITY_AUDIENCE    = local.identity_audiences["usage-report"]
      CALLERS              = join(",", var.usage_callers)
      SCHEDULER_IDENTITY   = local.scheduler_identity
      PRODUCTS             = join(",", var.products)
      SERVICE_NAME         = local.usage_service_name
      METRICS              = try(join(",", var.metrics), null)
      LATE_USAGE           = var.late_usage
      ZERO_USAGE           = var.zero_usage
      USER_LABELS          = var.user_labels
      EVENTS_TOPIC         = google_pubsub_topic.changes.id
      PROCUREMENT_PROVIDER = var.procurement_provider
    })

    procurement-events = merge(local.base_variables, local.approval_variables, {
      PUBLIC_URL         = local.public_urls["procurement-events"]
      IDENTITY_AUDIENCE  = local.identity_audiences["procurement-events"]
      PUSH_IDENTITY      = local.push_identity
      SCHEDULER_IDENTITY = local.scheduler_identity
      ERASE_AFTER        = tostring(var.erase_after_days)
    })
  }

  # Variables whose values are secret: the version in Secret Manager that holds each.
  secrets = {
    signup    = local.sign_in_secrets
    sso-login = local.sign_in_secrets
  }

  sign_in_secrets = {
    for secret in google_secret_manager_secret.google_client[*] :
    "GOOGLE_CLIENT_SECRET" => { secret = secret.id, version = var.google_client_secret_version }
  }
}
