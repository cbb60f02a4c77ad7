# What the functions say of the vendor, and where they hand customers over.

variable "application_login_url" {
  description = "The application's own login page, where a visit ends that has no hand-off. null: `/login` below application_url."
  type        = string
  default     = null

  validation {
    condition     = var.application_login_url == null || can(regex("^https://[^/?#@\\s]+(/[^#\\s]*)?$", var.application_login_url))
    error_message = "application_login_url must be an https URL without user and fragment, such as https://app.example.com/login."
  }
}

variable "application_signup_url" {
  description = "Where the hand-off of a customer is posted. null: `/signup` below application_url."
  type        = string
  default     = null

  validation {
    condition     = var.application_signup_url == null || can(regex("^https://[^/?#@\\s]+(/[^#\\s]*)?$", var.application_signup_url))
    error_message = "application_signup_url must be an https URL without user and fragment, such as https://app.example.com/marketplace."
  }
}

variable "application_url" {
  description = "The application's address. May be left out where application_login_url and application_signup_url are both said."
  type        = string
  default     = null

  validation {
    condition     = var.application_url == null || can(regex("^https://[^/?#@\\s]+(/[^?#\\s]*)?$", var.application_url))
    error_message = "application_url must be an https URL without user, query and fragment, such as https://app.example.com."
  }

  validation {
    condition     = var.application_url != null || (var.application_login_url != null && var.application_signup_url != null)
    error_message = "application_url must be set, or both application_login_url and application_signup_url."
  }
}

variable "google_client_id" {
  description = "OAuth client of Google sign-in. Needed with the first image when google_sign_in is required: the output google_sign_in_redirect_uris says for which addresses it is made."
  type        = string
  default     = null

  validation {
    condition     = var.google_client_id != null || var.google_sign_in == "off" || length(var.images) == 0
    error_message = "google_client_id must be set before functions are deployed with google_sign_in = required: make the client first, README.md says how."
  }

  validation {
    condition     = var.google_client_id == null || can(regex("^[0-9]+-[a-z0-9]+\\.apps\\.googleusercontent\\.com$", var.google_client_id))
    error_message = "google_client_id must be a client id such as 123456789012-abc123.apps.googleusercontent.com."
  }
}

variable "google_client_secret_version" {
  description = "Version of the OAuth client's secret in Secret Manager. A number, so that a new secret is a deployment that can be rolled back. Needed with the first image when google_sign_in is required."
  type        = string
  default     = null

  validation {
    condition     = var.google_client_secret_version == null || can(regex("^[1-9][0-9]*$", var.google_client_secret_version))
    error_message = "google_client_secret_version must be the number of a version, such as 1, and not latest."
  }

  validation {
    condition     = var.google_client_secret_version != null || var.google_sign_in == "off" || length(var.images) == 0
    error_message = "google_client_secret_version must be set before functions are deployed with google_sign_in = required: add the secret's value first, README.md says how."
  }
}

variable "google_sign_in" {
  description = "Whether customers prove by Google sign-in who they are: required or off. README.md says what off leaves open."
  type        = string
  default     = "required"
  nullable    = false

  validation {
    condition     = contains(["off", "required"], var.google_sign_in)
    error_message = "google_sign_in must be required or off."
  }
}

variable "listing_url" {
  description = "The product's page in the Marketplace."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[^/?#@\\s]+(/[^#\\s]*)?$", var.listing_url))
    error_message = "listing_url must be an https URL, such as https://console.cloud.google.com/marketplace/product/example-partner/product."
  }
}

variable "signup_form_fields" {
  description = "The registration form's fields among company, name, email, phone and website; `?` after one that may stay empty."
  type        = list(string)
  default     = ["company", "name", "email"]
  nullable    = false

  validation {
    condition = (
      length(var.signup_form_fields) > 0 &&
      alltrue([for field in var.signup_form_fields : can(regex("^(company|name|email|phone|website)\\??$", field))]) &&
      length(distinct([for field in var.signup_form_fields : trimsuffix(field, "?")])) == length(var.signup_form_fields)
    )
    error_message = "signup_form_fields must be some of company, name, email, phone and website, each once, with ? after those that may stay empty."
  }
}

variable "signup_mode" {
  description = "auto: sign-up is one click; form: the customer fills in a form."
  type        = string
  default     = "auto"
  nullable    = false

  validation {
    condition     = contains(["auto", "form"], var.signup_mode)
    error_message = "signup_mode must be auto or form."
  }
}

variable "support_url" {
  description = "Where a customer finds help."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[^/?#@\\s]+(/[^#\\s]*)?$", var.support_url))
    error_message = "support_url must be an https URL, such as https://example.com/support."
  }
}

variable "vendor_name" {
  description = "The vendor's name, as customers know it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^[:cntrl:]]{1,100}$", var.vendor_name)) && trimspace(var.vendor_name) != ""
    error_message = "vendor_name must be one line of 1 to 100 characters."
  }
}
