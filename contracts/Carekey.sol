// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {RecordRegistry} from "./records/RecordRegistry.sol";

/// @title Carekey
/// @notice The law of patient-owned medical records: who is who, who may read or write what and until when, and what
/// happened to each chart. Identity, consent and records are one contract, hence one address, one signing domain and
/// no calls between contracts. It holds no money, no personal data and no key, and nobody can upgrade it.
contract Carekey is RecordRegistry {
    /// @param initialRegistrar First registrar and first default admin, who appoints further registrars.
    /// @param adminTransferDelay Seconds between the announcement and the acceptance of another default admin.
    constructor(
        address initialRegistrar,
        uint48 adminTransferDelay
    ) AccessControlDefaultAdminRules(adminTransferDelay, initialRegistrar) {
        _grantRole(REGISTRAR_ROLE, initialRegistrar);
    }
}
