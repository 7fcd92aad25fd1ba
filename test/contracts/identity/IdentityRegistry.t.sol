// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../../contracts/Carekey.sol";
import {IIdentityRegistry} from "../../../contracts/identity/IIdentityRegistry.sol";
import {vm} from "../support/Vm.sol";

/// @notice Identities for any account, role, key and time.
contract IdentityRegistryTest {
    uint48 private constant NOW = 2_000_000_000;

    Carekey private _carekey;

    function setUp() public {
        vm.warp(NOW);
        _carekey = new Carekey(address(this), 1 days);
    }

    function testFuzz_registersTheFourRolesOnly(address account, uint8 role, bytes32 keyDocument) public {
        vm.assume(bytes20(keyDocument) != 0);
        bool isRole = role >= 1 && role <= 4;
        if (!isRole) vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.IdentityRoleUnknown.selector, role));
        vm.prank(account);
        _carekey.register(role, keyDocument);
        IIdentityRegistry.Identity memory identity = _carekey.identityOf(account);
        assert(identity.role == (isRole ? role : 0));
        assert(identity.keyHash == (isRole ? bytes20(keyDocument) : bytes20(0)));
        assert(identity.verifiedUntil == 0 && !identity.suspended && !_carekey.isVerified(account));
    }

    function testFuzz_verifiedExactlyBeforeItsEndAndWhileNotSuspended(
        address account,
        bool isOrganisation,
        uint48 validUntil,
        bool isSuspended,
        uint48 moment
    ) public {
        vm.assume(validUntil > NOW && moment >= NOW);
        vm.prank(account);
        _carekey.register(isOrganisation ? 3 : 2, keccak256("key"));
        _carekey.verify(account, validUntil, 0);
        if (isSuspended) _carekey.suspend(account);
        vm.warp(moment);
        assert(_carekey.isVerified(account) == (!isSuspended && moment < validUntil));
    }

    function testFuzz_aVerificationIsAsOldAsItsUnbrokenChain(uint16[8] memory waits, uint8 acts) public {
        _carekey.register(2, keccak256("key"));
        uint256 moment = NOW;
        uint256 until = 0;
        uint256 since = 0;
        for (uint256 i = 0; i < waits.length; ++i) {
            moment += waits[i];
            vm.warp(moment);
            if ((acts >> i) & 1 == 0) {
                if (moment >= until) since = moment;
                until = moment + 30_000;
                _carekey.verify(address(this), uint48(until), 0);
            } else {
                _carekey.suspend(address(this));
                _carekey.restore(address(this));
                since = moment;
            }
            assert(_carekey.identityOf(address(this)).verifiedSince == since);
        }
    }

    function testFuzz_keysRotateAndNothingElseChanges(bytes32[8] memory keyDocuments) public {
        _carekey.register(2, keccak256("first key"));
        _carekey.verify(address(this), NOW + 99, 0);
        bytes20 current = bytes20(keccak256("first key"));
        for (uint256 i = 0; i < keyDocuments.length; ++i) {
            if (bytes20(keyDocuments[i]) == 0 || bytes20(keyDocuments[i]) == current) continue;
            _carekey.rotateKey(keyDocuments[i]);
            current = bytes20(keyDocuments[i]);
        }
        IIdentityRegistry.Identity memory identity = _carekey.identityOf(address(this));
        assert(identity.keyHash == current && identity.role == 2 && identity.verifiedUntil == NOW + 99);
    }
}
